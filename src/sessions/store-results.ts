import { described } from '../errors/described.js';
import type { EndedSlice, RefreshTokenStore, SessionRow } from './refresh-token-store.js';

/** A store broke its contract; the message says how. */
export class StoreFault extends Error {
  override readonly name = 'StoreFault';
}

type Method = keyof RefreshTokenStore;
type Check<T> = (value: unknown) => value is T;

type Fields = Record<keyof SessionRow, readonly [Check<unknown>, string]>;

const WHOLE_MS = 'a whole number of milliseconds';

/** The type of each field of a session, with a description. */
const FIELDS = {
  id: [isText, 'a text'],
  userId: [isText, 'a text'],
  tokenHash: [isText, 'a text'],
  generation: [isWhole, 'a whole number'],
  createdAt: [isWhole, WHOLE_MS],
  rotatedAt: [isWhole, WHOLE_MS],
  expiresAt: [isWhole, WHOLE_MS],
  absoluteExpiresAt: [isWhole, WHOLE_MS],
  revokedAt: [orNull(isWhole), `${WHOLE_MS} or null`],
  revokedReason: [orNull(isText), 'a text or null'],
  ip: [orNull(isText), 'a text or null'],
  userAgent: [orNull(isText), 'a text or null'],
} as const satisfies Fields;

/** What is known of a session that was revoked: null is no moment there. */
const REVOCATION = { id: FIELDS.id, revokedAt: [isWhole, WHOLE_MS] } as const;

/**
 * The session that a store returned, copied field by field, also from the object's prototype, where models keep them.
 * A missing column, or a value that a driver turned into a string or a `Date`, must not decide anything: for example
 * `undefined` would count as the time when the session ended.
 * @throws {StoreFault} naming the method and the field
 */
function sessionIn(result: unknown, method: Method): SessionRow {
  return picked(result, method, FIELDS) as unknown as SessionRow;
}

/** The same, or null if there is none. */
export function sessionOrNullIn(result: unknown, method: Method): SessionRow | null {
  if (result === undefined) throw fault(method, 'returned undefined in place of a session or null');
  return result === null ? null : sessionIn(result, method);
}

/** @throws {StoreFault} */
export function sessionsIn(result: unknown, method: Method): SessionRow[] {
  return listIn(result, method).map((each) => sessionIn(each, method));
}

/** @throws {StoreFault} */
export function revocationsIn(
  result: unknown,
  method: Method,
): { id: string; revokedAt: number }[] {
  return listIn(result, method).map((each) => {
    const { id, revokedAt } = picked(each, method, REVOCATION);
    return { id: id as string, revokedAt: revokedAt as number };
  });
}

/** @throws {StoreFault} */
export function sliceIn(result: unknown, method: Method): EndedSlice {
  const { found, deleted } = fieldsIn(result, method, 'how many it found and deleted');
  return { found: wholeIn(found, method), deleted: wholeIn(deleted, method) };
}

/** @throws {StoreFault} */
export function wholeIn(result: unknown, method: Method): number {
  if (isWhole(result)) return result;
  throw fault(method, `returned ${described(result)} in place of a whole number`);
}

/** @throws {StoreFault} */
export function momentOrNullIn(result: unknown, method: Method): number | null {
  if (result === null || isWhole(result)) return result;
  throw fault(method, `returned ${described(result)} in place of milliseconds or null`);
}

/** @throws {StoreFault} */
export function yesOrNoIn(result: unknown, method: Method): boolean {
  if (typeof result === 'boolean') return result;
  throw fault(method, `returned ${described(result)} in place of true or false`);
}

function picked(result: unknown, method: Method, wanted: Partial<Fields>) {
  const fields = fieldsIn(result, method, 'a session');
  const copy: Record<string, unknown> = {};
  for (const [name, [isRight, what]] of Object.entries(wanted)) {
    const value = fields[name];
    if (!isRight(value)) {
      throw fault(
        method,
        `returned a session whose ${name} is ${described(value)}: it has to be ${what}`,
      );
    }
    copy[name] = value;
  }
  return copy;
}

function fieldsIn(result: unknown, method: Method, what: string): Record<string, unknown> {
  if (typeof result === 'object' && result !== null && !Array.isArray(result)) {
    return result as Record<string, unknown>;
  }
  throw fault(method, `returned ${described(result)} in place of ${what}`);
}

function listIn(result: unknown, method: Method): unknown[] {
  if (Array.isArray(result)) return result;
  throw fault(method, `returned ${described(result)} in place of a list`);
}

function fault(method: Method, sentence: string): StoreFault {
  return new StoreFault(`RefreshTokenStore.${method}() ${sentence}.`);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function orNull<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}
