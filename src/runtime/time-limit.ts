/**
 * Waits for an answer no longer than so many milliseconds. An answer that comes later is dropped.
 * @throws {Error} when it is too late, or whatever the question throws
 */
export async function withinTime<T>(question: () => Promise<T>, longestMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer within ${longestMs} ms.`)), longestMs);
  });
  try {
    return await Promise.race([question(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
