/** Tells, without waiting, whether something has come to its end, good or bad. */
export function watchSettled(promise: Promise<unknown>): { isSettled(): boolean } {
  let over = false;
  promise.then(
    () => (over = true),
    () => (over = true),
  );
  return { isSettled: () => over };
}
