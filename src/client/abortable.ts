/** Rejects when the signal aborts. The work behind the promise is not cancelled. */
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
