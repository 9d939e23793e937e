/** Reports, without waiting, whether a promise has settled. */
export function watchSettled(promise: Promise<unknown>): { isSettled(): boolean } {
  let settled = false;
  promise.then(
    () => (settled = true),
    () => (settled = true),
  );
  return { isSettled: () => settled };
}
