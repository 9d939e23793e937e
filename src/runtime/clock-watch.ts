import { elapsedBy, type Clock } from './clock.js';

/** A clock adjusted by NTP runs slightly faster or slower between two checks; that is no jump. */
const JUMP_MS = 1000;

/** Detects that the clock was set, by checking it from time to time. */
export class ClockWatch {
  #ahead: number;

  constructor(private readonly clock: Clock) {
    this.#ahead = clock.now() - elapsedBy(clock);
  }

  /** Milliseconds that the clock was ahead of the elapsed time, as of the last check. */
  get ahead(): number {
    return this.#ahead;
  }

  /** Milliseconds by which the clock was set since the last check: positive if ahead, negative if back, else 0. */
  jump(now = this.clock.now()): number {
    const ahead = now - elapsedBy(this.clock);
    const jump = ahead - this.#ahead;
    this.#ahead = ahead;
    return Math.abs(jump) < JUMP_MS ? 0 : jump;
  }
}
