/** A result took too long. */
export class TooLateError extends Error {}

/**
 * Waits at most this many milliseconds for a result. A later result is dropped.
 * @throws {TooLateError} when it takes too long, or the reason for which there is none
 */
export async function withinTime<T>(result: T | PromiseLike<T>, longestMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () => reject(new TooLateError(`No response within ${longestMs} ms.`)),
      longestMs,
    );
  });
  try {
    return await Promise.race([result, tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
