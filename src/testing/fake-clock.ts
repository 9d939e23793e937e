import type { Clock } from '../options/time-and-randomness.js';

/** A clock that stands still until it is told to go: `AuthModule.forRoot({ …, clock })`. */
export class FakeClock implements Clock {
  #now: number;

  /** @param start milliseconds since the epoch */
  constructor(start: number = Date.parse('2030-01-01T00:00:00.500Z')) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  advance({ ms = 0, seconds = 0, minutes = 0, hours = 0, days = 0 }: TimeSpan): void {
    this.#now += ms + 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)));
  }
}

export interface TimeSpan {
  ms?: number;
  seconds?: number;
  minutes?: number;
  hours?: number;
  days?: number;
}
