import type { Clock } from 'nestjs-refresh-auth';

/** A clock that stands still until it is told to go. */
export class FakeClock implements Clock {
  #now = Date.parse('2030-01-01T00:00:00.500Z');

  now(): number {
    return this.#now;
  }

  advance({ ms = 0, seconds = 0, minutes = 0, hours = 0, days = 0 }): void {
    this.#now += ms + 1000 * (seconds + 60 * (minutes + 60 * (hours + 24 * days)));
  }
}
