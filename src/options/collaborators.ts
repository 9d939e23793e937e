import * as v from 'valibot';
import { described } from '../errors/described.js';
import { must } from './must.js';

/** Every method of a port, and whether an object needs it. */
export type MethodsOf<T> = {
  readonly [K in keyof T]-?: object extends Pick<T, K> ? 'optional' : 'required';
};

/**
 * An object of the app's, as it is: an instance of a class or a literal, with whatever members beside those of the port.
 *
 * @param together optional methods that are there together or not at all
 */
export const instanceWith = <T extends object>(
  port: string,
  methods: MethodsOf<T>,
  together: readonly (readonly (keyof T & string)[])[] = [],
) => {
  const kindOf = new Map(Object.entries(methods)) as Map<keyof T & string, string>;
  const required = [...kindOf.keys()].filter((name) => kindOf.get(name) === 'required');
  return v.pipe(
    v.custom<T>(mayHaveMethods, (issue) =>
      issue.input === undefined
        ? `is missing: pass a ${port}, an object with ${listed(required)}.`
        : must(`be a ${port}, an object with ${listed(required)}`)(issue),
    ),
    v.check(
      (given) => missingIn(given, required).length === 0,
      ({ input }) => {
        const missing = missingIn(input, required);
        // If all are missing, the sentence has named them.
        const all =
          missing.length === required.length ? '' : `, an object with ${listed(required)}`;
        return `has no ${listed(missing)}: ${toPass(input, `a ${port}${all}`)}.`;
      },
    ),
    v.check(
      (given) => noFunctionsIn(given, kindOf.keys()).length === 0,
      ({ input }) =>
        noFunctionsIn(input, kindOf.keys())
          .map((name) => `has a ${name} that is ${described(input[name])}: make it a method`)
          .join(', ') + ', or leave it out.',
    ),
    v.check(
      (given) => together.every((pair) => isWhole(given, pair)),
      ({ input }) =>
        `has one of ${listed(together.find((pair) => !isWhole(input, pair))!)} and not the other: write both or neither.`,
    ),
    v.description(`an object with ${listed(required)}`),
  );
};

/**
 * @param call how it is called: `(event) => …`
 * @param makers functions of ours that make one, and are easily given in its place
 */
export const functionOf = <T>(call: string, makers: readonly ((...given: never[]) => T)[] = []) =>
  v.pipe(
    v.custom<T>(
      (value) => typeof value === 'function' && !isClass(value),
      (issue) =>
        isClass(issue.input)
          ? `must be a function, ${call}, not a class: pass a method of an instance of it.`
          : must(`be a function, ${call}`)(issue),
    ),
    v.check(
      (given) => !makers.some((maker) => maker === given),
      ({ input }) =>
        `must be a function, ${call}, and ${(input as { name: string }).name} makes one: call it, ${(input as { name: string }).name}().`,
    ),
    v.description(`a function, ${call}`),
  );

/** What to do with a class or a function that makes what is wanted, or to pass in place of it. */
function toPass(given: object, wanted: string): string {
  if (isClass(given)) return 'pass an instance of the class';
  return typeof given === 'function'
    ? 'pass what the function returns, if it makes one'
    : `pass ${wanted}`;
}

function mayHaveMethods(value: unknown): boolean {
  return (
    typeof value === 'function' ||
    (typeof value === 'object' && value !== null && !Array.isArray(value) && !('then' in value))
  );
}

function missingIn<T>(given: T, names: readonly (keyof T & string)[]): (keyof T & string)[] {
  return names.filter((name) => typeof given[name] !== 'function');
}

/** What is there and can't be called. */
function noFunctionsIn<T>(given: T, names: Iterable<keyof T & string>): (keyof T & string)[] {
  return [...names].filter(
    (name) => given[name] !== undefined && typeof given[name] !== 'function',
  );
}

function isWhole<T>(given: T, names: readonly (keyof T & string)[]): boolean {
  return [0, names.length].includes(missingIn(given, names).length);
}

export function isClass(value: unknown): boolean {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

/** `insert(), rotate() and find()`. */
function listed(names: readonly string[]): string {
  const calls = names.map((name) => `${name}()`);
  return [calls.slice(0, -1).join(', '), calls.at(-1)].filter(Boolean).join(' and ');
}
