import { described } from '../errors/described.js';

/**
 * The rest of a sentence that begins with an option's path. It says what the value is instead, never what is in a text:
 * it may be a secret.
 *
 * @param what `be true or false`
 * @param kindOf what a value is, in a few words
 */
export function must(what: string, kindOf = described): (issue: { input: unknown }) => string {
  return ({ input }) => `must ${what}, not ${kindOf(input)}.`;
}
