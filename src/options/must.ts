import { described } from '../errors/described.js';

/**
 * The rest of a sentence that begins with an option's path. It says what the value is instead where its kind is wrong,
 * never what is in it: it may be a secret.
 *
 * @param what `be true or false`
 */
export function must(what: string): (issue: { input: unknown }) => string {
  return ({ input }) => {
    const instead = input === null ? 'null: leave it out for the default' : described(input);
    return `must ${what}, not ${instead}.`;
  };
}
