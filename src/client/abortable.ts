/** Waits for a promise until the signal says not to. What the promise stands for goes on. */
export function abortable<T>(
  promise: Promise<T>,
  signal: AbortSignal | null | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal!.reason ?? Object.assign(Error(), { name: 'AbortError' }));
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort);
    promise.finally(() => signal?.removeEventListener('abort', abort)).then(resolve, reject);
  });
}
