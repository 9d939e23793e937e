/**
 * Waits at most this many milliseconds for a call's result. A later result is dropped.
 * @throws {Error} when it takes too long, or whatever the call throws
 */
export async function withinTime<T>(call: () => Promise<T>, longestMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${longestMs} ms.`)), longestMs);
  });
  try {
    return await Promise.race([call(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
