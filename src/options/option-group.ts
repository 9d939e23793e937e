import * as v from 'valibot';
import { textOf } from '../errors/text-of.js';
import { must } from './must.js';

type Sentence = string | ((issue: { input: unknown }) => string);

/**
 * An object of options: no member that it doesn't know, no list, map or promise in its place. What is given is read once,
 * and never through `Object.prototype`, where somebody else may have put something.
 *
 * @param what for the sentence: `be an object of options`, `be false or { entries, bytes }`
 */
export const group = <const E extends v.ObjectEntries>(
  entries: E,
  what = 'be an object of options',
) => groupElse(entries, must(what));

/** @param sentence the rest of the sentence about what is no object */
export const groupElse = <const E extends v.ObjectEntries>(entries: E, sentence: Sentence) =>
  membersOf(entries, sentence, (given) => [...Object.keys(entries), ...enumerable(given)]);

/** The same, whatever else is in the object: to read a part of the options before the rest. */
export const partOfGroup = <const E extends v.ObjectEntries>(entries: E, sentence: Sentence) =>
  membersOf(entries, sentence, () => Object.keys(entries));

const membersOf = <const E extends v.ObjectEntries>(
  entries: E,
  sentence: Sentence,
  namesIn: (given: object) => readonly string[],
) =>
  v.pipe(
    v.custom<v.InferInput<v.StrictObjectSchema<E, undefined>>>(isObject, sentence),
    v.rawTransform(({ dataset, addIssue }) => {
      const input = dataset.value as object;
      const symbol = Object.getOwnPropertySymbols(input)[0];
      if (symbol !== undefined) {
        addIssue({ message: `: the key ${String(symbol)} is not an option. Remove it.` });
      }
      const members = Object.create(null) as Record<string, unknown>;
      for (const key of new Set(namesIn(input))) {
        try {
          const value = memberOf(input, key);
          // Undefined is as if it were not there: what is needed is then missing.
          if (value !== undefined || !isOptional(entries, key)) members[key] = value;
        } catch (error) {
          const place = { type: 'unknown', origin: 'value', input, key, value: null } as const;
          addIssue({ message: `can't be read: ${textOf(error)}.`, path: [place] });
        }
      }
      return members;
    }),
    v.strictObject(entries),
  );

/** Whether it may be an object of options, also one of a class; not what has insides that are no members. */
function isObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || 'then' in value) return false;
  return !Array.isArray(value) && Object.prototype.toString.call(value) === '[object Object]';
}

function isOptional(entries: v.ObjectEntries, name: string): boolean {
  return Object.hasOwn(entries, name) && entries[name]!.type === 'exact_optional';
}

/** A class's getters are options too, as far as they are read; its methods are not. */
function enumerable(given: object): string[] {
  return [...ownersOf(given)].flatMap((owner) => [
    ...Object.keys(owner),
    ...(owner === given ? [] : gettersOf(owner)),
  ]);
}

function gettersOf(prototype: object): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(prototype)).flatMap(([name, { get }]) =>
    get === undefined ? [] : [name],
  );
}

function memberOf(given: object, name: string): unknown {
  const isThere = [...ownersOf(given)].some((owner) => Object.hasOwn(owner, name));
  return isThere ? (given as Record<string, unknown>)[name] : undefined;
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
