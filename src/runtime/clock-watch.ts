import { elapsedBy, type Clock } from './clock.js';

/** Clocks that are steered (NTP) go a little faster or slower between two looks; that is no jump. */
const JUMP_MS = 1000;

/** Notices when the clock was set, by a look at it now and then. */
export class ClockWatch {
  #ahead: number;

  constructor(private readonly clock: Clock) {
    this.#ahead = clock.now() - elapsedBy(clock);
  }

  /** Milliseconds that the clock was ahead of the time that has passed, as of the last look. */
  get ahead(): number {
    return this.#ahead;
  }

  /** Milliseconds by which the clock was set since the last look: ahead, back if negative, or 0. */
  jump(now = this.clock.now()): number {
    const ahead = now - elapsedBy(this.clock);
    const jump = ahead - this.#ahead;
    this.#ahead = ahead;
    return Math.abs(jump) < JUMP_MS ? 0 : jump;
  }
}
