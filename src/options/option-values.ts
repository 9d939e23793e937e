import * as v from 'valibot';
import { durationToMs, type Duration } from './duration.js';
import { must } from './must.js';

// What each of them accepts is said once, for the sentence at boot and for the table of the reference.

/** A text with something in it. */
export const text = () => {
  const what = 'a text that is not empty';
  return v.pipe(
    v.string(must(`be ${what}`)),
    v.check((value) => value.trim() !== '', `must be ${what}.`),
    v.description(what),
  );
};

/** Most bytes of a text that every token contains: with all of them a refresh token still fits into a cookie. */
const MOST_BYTES_OF_A_CLAIM = 255;

/** A text for a claim or for the header of a token. */
export const claimText = () =>
  v.pipe(
    text(),
    v.check(
      (value) => Buffer.byteLength(JSON.stringify(value)) - 2 <= MOST_BYTES_OF_A_CLAIM,
      `must have at most ${MOST_BYTES_OF_A_CLAIM} bytes: it is in every token, and a browser's cookie holds 4096.`,
    ),
    v.description(`a text that is not empty, of at most ${MOST_BYTES_OF_A_CLAIM} bytes`),
  );

export const trueOrFalse = () => {
  const what = 'true or false';
  return v.pipe(v.boolean(must(`be ${what}`)), v.description(what));
};

export const oneOf = <const T extends readonly string[]>(...choices: T) => {
  const what = choices.map((choice) => `"${choice}"`).join(' or ');
  return v.pipe(
    v.picklist(choices, (issue) =>
      typeof issue.input === 'string' ? `must be ${what}.` : must(`be ${what}`)(issue),
    ),
    v.description(what),
  );
};

/** @param orElse what else may be given, such as `, or false` */
export const wholeNumber = (least: number, orElse = '') => {
  const what = `a whole number, at least ${least}`;
  return v.pipe(
    v.number(must(`be ${what}${orElse}`)),
    v.check((value) => Number.isSafeInteger(value) && value >= least, `must be ${what}${orElse}.`),
    v.description(what),
  );
};

export const wholeNumberUpTo = (least: number, most: number, why = '', orElse = '') =>
  v.pipe(
    wholeNumber(least, orElse),
    v.check((value) => value <= most, `must be at most ${most}${why}.`),
    v.description(`a whole number, ${least} to ${most}`),
  );

/** A duration, which comes out in milliseconds; zero included. */
export const duration = () =>
  v.pipe(
    v.custom<Duration>(
      (value) => typeof value === 'string' || typeof value === 'number',
      must('be a duration: seconds as a number, or a text with a unit, such as "15m"'),
    ),
    v.rawTransform<Duration, number>(({ dataset, addIssue, NEVER }) => {
      try {
        return durationToMs(dataset.value);
      } catch (error) {
        addIssue({ message: `: ${(error as Error).message}.` });
        return NEVER;
      }
    }),
    v.description('a duration, or 0'),
  );

/** A duration of at least a second. */
export const lifetime = () =>
  v.pipe(
    duration(),
    v.check((milliseconds) => milliseconds >= 1000, 'must be at least one second.'),
    v.description('a duration, one second to ten years'),
  );

/** setTimeout counts in 31 bits; what is longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A duration that a timer can wait, from a second to 24 days. */
export const interval = () =>
  v.pipe(
    lifetime(),
    v.check((milliseconds) => milliseconds <= LONGEST_TIMER_MS, 'must be at most 24 days.'),
    v.description('a duration, one second to 24 days'),
  );

/** A list; a text, which can be iterated too, is none. */
export const listOf = <S extends v.GenericSchema>(item: S, what: string) =>
  v.pipe(v.array(item, must(`be a list of ${what}`)), v.description(`a list of ${what}`));
