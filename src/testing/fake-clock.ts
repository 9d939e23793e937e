import type { Clock } from '../runtime/clock.js';

/** A clock that moves only when a test moves it: `AuthModule.forRoot({ …, clock })`. */
export class FakeClock implements Clock {
  #now: number;
  #elapsed = 0;

  /** @param start milliseconds since the epoch */
  constructor(start: number = Date.parse('2030-01-01T00:00:00.500Z')) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  elapsed(): number {
    return this.#elapsed;
  }

  /** Lets time pass. A negative span sets the clock back. */
  advance(span: TimeSpan): void {
    this.jump(span);
    this.#elapsed += Math.max(0, milliseconds(span));
  }

  /** Sets the clock ahead or back, while no time passes. */
  jump(span: TimeSpan): void {
    this.#now += milliseconds(span);
  }
}

export interface TimeSpan {
  ms?: number;
  seconds?: number;
  minutes?: number;
  hours?: number;
  days?: number;
}

function milliseconds({ ms = 0, seconds = 0, minutes = 0, hours = 0, days = 0 }: TimeSpan): number {
  return ms + 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)));
}
