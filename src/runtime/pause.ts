/** Waits this many milliseconds, with a timer that tests can fake; `node:timers/promises` can't be faked. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
