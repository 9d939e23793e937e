import { AuthError } from '../errors/auth-error.js';

/**
 * The fields of an object, each read once, so that the checked value is the used value. Empty if the value is no
 * object.
 * @throws {AuthError} `invalid_request` if reading a field throws
 */
export function fieldsOf<K extends string>(
  value: unknown,
  ...names: readonly K[]
): Partial<Record<K, unknown>> {
  const fields: Partial<Record<K, unknown>> = {};
  if (typeof value !== 'object' || value === null) return fields;
  for (const name of names) {
    try {
      fields[name] = (value as Record<K, unknown>)[name];
    } catch {
      throw unreadable(name);
    }
  }
  return fields;
}

/** No request carries more. */
const MOST_TEXTS = 1000;

/**
 * The strings in a list; empty if the value is no list.
 * @param name what a refusal calls the list
 * @throws {AuthError} `invalid_request` if reading an element throws
 */
export function textsOf(value: unknown, name: string): string[] {
  try {
    if (!Array.isArray(value)) return [];
    const length = Math.min(value.length, MOST_TEXTS);
    const items: unknown[] = Array.from({ length }, (_, i) => value[i] as unknown);
    return items.filter((each) => typeof each === 'string');
  } catch {
    throw unreadable(name);
  }
}

/** Getters and proxies can throw anything. */
function unreadable(name: string): AuthError {
  return new AuthError('invalid_request', `${name}: can not be read`);
}
