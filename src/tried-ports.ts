import { AuthConfigurationError } from './errors/configuration-error.js';
import { described, withoutRejection } from './errors/described.js';
import { textOf } from './errors/text-of.js';
import type { Clock } from './runtime/clock.js';
import type { RandomSource } from './runtime/random-source.js';

/** A number that nothing else asks for, so that a source of one fixed size shows. */
const SOME_BYTES = 24;

/** As milliseconds these would be years 1970 to 1973, and beyond 5138: no clock shows them. */
const LEAST_SECONDS = 1e9;
const MOST_SECONDS = 1e11;
const LEAST_MICROSECONDS = 1e14;

/**
 * Calls a clock once: what it returns wrongly would be found by the first login otherwise.
 * @throws {AuthConfigurationError}
 */
export function tryClock(clock: Clock): void {
  const now = returned('clock.now()', () => clock.now());
  if (!Number.isFinite(now)) {
    refuse(
      'clock.now()',
      described(now),
      'let it return milliseconds since the epoch, as Date.now() does',
    );
  }
  const time = now as number;
  if (time >= LEAST_SECONDS && time < MOST_SECONDS) {
    throw new AuthConfigurationError('clock.now() returns seconds: milliseconds are wanted.');
  }
  if (time >= LEAST_MICROSECONDS) {
    throw new AuthConfigurationError(
      `clock.now() returned ${time}, which is no time in milliseconds since the epoch: let it return what Date.now() does.`,
    );
  }
  if (clock.elapsed === undefined) return;
  const elapsed = returned('clock.elapsed()', () => clock.elapsed!());
  if (!Number.isFinite(elapsed)) {
    refuse('clock.elapsed()', described(elapsed), 'let it return milliseconds, or leave it out');
  }
}

/**
 * Calls a source of random bytes once: ids and secrets of sessions are made of what it returns.
 * @throws {AuthConfigurationError}
 */
export function tryRandomSource(random: RandomSource): void {
  const call = `random.bytes(${SOME_BYTES})`;
  const bytes = returned(call, () => random.bytes(SOME_BYTES));
  const wanted =
    'let it return a Buffer of as many bytes as are requested, as randomBytes() of node:crypto does';
  if (!Buffer.isBuffer(bytes)) refuse(call, described(bytes), wanted);
  if (bytes.length !== SOME_BYTES) refuse(call, `${bytes.length} bytes`, wanted);
}

function returned(call: string, made: () => unknown): unknown {
  try {
    return withoutRejection(made());
  } catch (error) {
    throw new AuthConfigurationError(`${call} threw: ${textOf(error)}.`, { cause: error });
  }
}

function refuse(call: string, what: string, wanted: string): never {
  throw new AuthConfigurationError(`${call} returned ${what}: ${wanted}.`);
}
