import { AuthConfigurationError } from '../errors/configuration-error.js';
import { durationToMs, type Duration } from './duration.js';

/** A duration in milliseconds, zero included. */
export function duration(where: string, value: Duration): number {
  try {
    return durationToMs(value);
  } catch (error) {
    throw new AuthConfigurationError(`${where}: ${(error as Error).message}.`);
  }
}

/** A duration in milliseconds of at least a second. */
export function lifetime(where: string, value: Duration): number {
  const milliseconds = duration(where, value);
  if (milliseconds < 1000) {
    throw new AuthConfigurationError(`${where} must be at least one second.`);
  }
  return milliseconds;
}

/** setTimeout counts in 31 bits; what is longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A duration in milliseconds that a timer can wait, from a second to 24 days. */
export function interval(where: string, value: Duration): number {
  const milliseconds = lifetime(where, value);
  if (milliseconds > LONGEST_TIMER_MS) {
    throw new AuthConfigurationError(`${where} must be at most 24 days.`);
  }
  return milliseconds;
}

export function atLeast(where: string, value: number, least: number): number {
  if (!Number.isSafeInteger(value) || value < least) {
    throw new AuthConfigurationError(`${where} must be a whole number, at least ${least}.`);
  }
  return value;
}

export function atMost(where: string, value: number, most: number): number {
  if (value > most) throw new AuthConfigurationError(`${where} must be at most ${most}.`);
  return value;
}

export function text(where: string, value: string): string {
  if (typeof value !== 'string' || value.trim() === '') {
    throw new AuthConfigurationError(`${where} must be a text that is not empty.`);
  }
  return value;
}

export function oneOf<T extends string>(where: string, value: T, choices: readonly T[]): T {
  if (!choices.includes(value)) {
    throw new AuthConfigurationError(
      `${where} must be ${choices.map((choice) => `"${choice}"`).join(' or ')}.`,
    );
  }
  return value;
}
