/** Tells, without waiting, whether something has come to its end, good or bad. */
export function watchSettled(promise: Promise<unknown>): { isSettled(): boolean } {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  return { isSettled: () => settled };
}
