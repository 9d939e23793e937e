import ms, { type StringValue } from 'ms';
import { described } from '../errors/described.js';

/** A number of seconds, or a string with a unit: `'30s'`, `'15m'`, `'7d'`. */
export type Duration = number | string;

const WITH_UNIT = /^\d+(\.\d+)?\s?(ms|s|m|h|d|w|y|[a-z]{3,})$/i;

/** More than any option needs, in days; years are no round number of milliseconds. Dates and columns have room for it. */
const LONGEST_MS = 3653 * 24 * 60 * 60_000;

/**
 * Milliseconds of a duration.
 * A string without a unit is refused: `"3600"` means seconds to one library and milliseconds to the next.
 * @throws {RangeError} when it isn't a duration, or is longer than ten years.
 */
export function durationToMs(duration: Duration): number {
  const milliseconds =
    typeof duration === 'number'
      ? duration * 1000
      : typeof duration === 'string' && WITH_UNIT.test(duration.trim())
        ? ms(duration.trim() as StringValue)
        : undefined;
  if (milliseconds === undefined || !Number.isFinite(milliseconds) || milliseconds < 0) {
    throw new RangeError(
      `${shown(duration)} is not a duration: give ${typeof duration === 'string' ? 'it a unit' : 'seconds as a number, or a string with a unit'}, such as "15m" or "7d"`,
    );
  }
  if (milliseconds > LONGEST_MS) {
    throw new RangeError(
      `${shown(duration)} is longer than ten years${typeof duration === 'number' ? ' (a number counts seconds)' : ''}: give less`,
    );
  }
  return Math.round(milliseconds);
}

/** A text is said only where it is short: what is longer may be a secret at the wrong place. */
function shown(value: unknown): string {
  if (typeof value === 'string' && value.length <= 12) return JSON.stringify(value);
  return described(value);
}
