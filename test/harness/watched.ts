/** Tells, without waiting, whether something has come to its end, good or bad. */
export function watched(promise: Promise<unknown>): { isOver(): boolean } {
  let over = false;
  promise.then(
    () => (over = true),
    () => (over = true),
  );
  return { isOver: () => over };
}
