import * as v from 'valibot';
import { textOf } from '../errors/text-of.js';
import { must } from './must.js';

/**
 * An object of options: no member that it doesn't know, no list, map or promise in its place. What is given is read once,
 * and never through `Object.prototype`, where somebody else may have put something.
 *
 * @param what for the sentence: `be an object`, `be false or { entries, bytes }`
 */
export const group = <const E extends v.ObjectEntries>(entries: E, what = 'be an object') =>
  groupElse(entries, must(what));

/** @param sentence the whole rest of the sentence about what is no object */
export const groupElse = <const E extends v.ObjectEntries>(
  entries: E,
  sentence: string | ((issue: { input: unknown }) => string),
) =>
  v.pipe(
    v.custom<v.InferInput<v.StrictObjectSchema<E, undefined>>>(isObject, sentence),
    v.rawTransform(({ dataset, addIssue, NEVER }) => {
      const given = dataset.value as object;
      try {
        const symbol = Object.getOwnPropertySymbols(given)[0];
        if (symbol === undefined) return membersOf(given, entries);
        addIssue({ message: `has the key ${String(symbol)}, which is no option: remove it.` });
      } catch (error) {
        addIssue({ message: `can't be read: ${textOf(error)}.` });
      }
      return NEVER;
    }),
    v.strictObject(entries),
  );

/** Those members of an object that are in a schema, as they are: to read a part of the options before the rest. */
export function membersFor(entries: v.ObjectEntries, given: object): Record<string, unknown> {
  const members = membersOf(given, entries);
  return Object.fromEntries(
    Object.entries(members).filter(([name]) => Object.hasOwn(entries, name)),
  );
}

/** Whether it may be an object of options, also one of a class; not what has insides that are no members. */
function isObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || 'then' in value) return false;
  return !Array.isArray(value) && Object.prototype.toString.call(value) === '[object Object]';
}

/** The members by name, those of its class included. One that is undefined is as if it were not there, unless it is needed. */
function membersOf(given: object, entries: v.ObjectEntries): Record<string, unknown> {
  const owners = [...ownersOf(given)];
  const isThere = (name: string) => owners.some((owner) => Object.hasOwn(owner, name));
  const members = Object.create(null) as Record<string, unknown>;
  const names = [...Object.keys(entries), ...owners.flatMap((owner) => Object.keys(owner))];
  for (const name of new Set(names)) {
    const value = isThere(name) ? (given as Record<string, unknown>)[name] : undefined;
    const isOptional = Object.hasOwn(entries, name) && entries[name]!.type === 'exact_optional';
    if (value !== undefined || !isOptional) members[name] = value;
  }
  return members;
}

/** The object and the prototypes of its classes, without the root of all. */
function* ownersOf(given: object): Iterable<object> {
  yield given;
  let owner = Object.getPrototypeOf(given) as object | null;
  while (owner !== null) {
    const next = Object.getPrototypeOf(owner) as object | null;
    if (next !== null) yield owner;
    owner = next;
  }
}
