/** Waits so many milliseconds, by the timer that tests can fake; they can't fake `node:timers/promises`. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
