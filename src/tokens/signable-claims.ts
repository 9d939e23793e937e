import { described, isPromise } from '../errors/described.js';

/**
 * The app's claims, copied, once it is clear that JSON can carry each of them as it is.
 * @throws {TypeError} whose sentence names the claim, and says why it can't be signed
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

/** What JSON refuses, and what it leaves out or makes into `{}` without a word. */
function refuseUnsignable(_key: string, value: unknown): unknown {
  const isUnsignable =
    ['bigint', 'function', 'symbol'].includes(typeof value) ||
    isPromise(value) ||
    value instanceof Map ||
    value instanceof Set;
  if (isUnsignable) throw new Unsignable(`it is, or contains, ${described(value)}`);
  return value;
}

/** Not the engine's own words: they run over lines, and may hold values. */
function reasonOf(error: unknown): string {
  if (error instanceof Unsignable) return error.message;
  if (error instanceof RangeError) return 'it is nested too deeply';
  if (error instanceof TypeError && error.message.includes('circular')) return 'it contains itself';
  return 'reading it, or its toJSON(), failed';
}
