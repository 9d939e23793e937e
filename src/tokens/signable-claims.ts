import { described, isPromise } from '../errors/described.js';

/**
 * A copy of the app's claims, after a check that JSON can represent each of them unchanged.
 * @throws {TypeError} naming the claim and why it can't be signed
 */
export function signableClaims(claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy: [string, unknown][] = [];
  for (const name of Object.keys(claims)) {
    try {
      const value = claims[name];
      JSON.stringify(value, refuseUnsignable);
      copy.push([name, value]);
    } catch (error) {
      throw new TypeError(
        `The claim ${JSON.stringify(name)} can not be put into a token: ${reasonOf(error)}.`,
        { cause: error },
      );
    }
  }
  return Object.fromEntries(copy);
}

class Unsignable extends Error {}

/** Refuses what JSON refuses, and what it silently leaves out or turns into `{}`. */
function refuseUnsignable(_key: string, value: unknown): unknown {
  const isUnsignable =
    ['bigint', 'function', 'symbol'].includes(typeof value) ||
    isPromise(value) ||
    value instanceof Map ||
    value instanceof Set;
  if (isUnsignable) throw new Unsignable(`it is, or contains, ${described(value)}`);
  return value;
}

/** Not the engine's own message: it spans several lines and may contain values. */
function reasonOf(error: unknown): string {
  if (error instanceof Unsignable) return error.message;
  if (error instanceof RangeError) return 'it is nested too deeply';
  if (error instanceof TypeError && error.message.includes('circular')) return 'it contains itself';
  return 'reading it, or its toJSON(), failed';
}
