import * as v from 'valibot';
import { durationToMs, type Duration } from './duration.js';
import { must } from './must.js';

/** A text with something in it. */
export const text = () => {
  const what = 'be a text that is not empty';
  return v.pipe(
    v.string(must(what)),
    v.check((value) => value.trim() !== '', `must ${what}.`),
  );
};

export const trueOrFalse = () => v.boolean(must('be true or false'));

export const oneOf = <const T extends readonly string[]>(...choices: T) => {
  const what = `be ${choices.map((choice) => `"${choice}"`).join(' or ')}`;
  return v.picklist(choices, (issue) =>
    typeof issue.input === 'string' ? `must ${what}.` : must(what)(issue),
  );
};

/** @param orElse what else may be given, such as `, or false` */
export const wholeNumber = (least: number, orElse = '') => {
  const what = `be a whole number, at least ${least}${orElse}`;
  return v.pipe(
    v.number(must(what)),
    v.check((value) => Number.isSafeInteger(value) && value >= least, `must ${what}.`),
  );
};

export const wholeNumberUpTo = (least: number, most: number, why = '', orElse = '') =>
  v.pipe(
    wholeNumber(least, orElse),
    v.check((value) => value <= most, `must be at most ${most}${why}.`),
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
  );

/** A duration of at least a second. */
export const lifetime = () =>
  v.pipe(
    duration(),
    v.check((milliseconds) => milliseconds >= 1000, 'must be at least one second.'),
  );

/** setTimeout counts in 31 bits; what is longer fires at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A duration that a timer can wait, from a second to 24 days. */
export const interval = () =>
  v.pipe(
    lifetime(),
    v.check((milliseconds) => milliseconds <= LONGEST_TIMER_MS, 'must be at most 24 days.'),
  );

/** A list; a text, which can be iterated too, is none. */
export const listOf = <S extends v.GenericSchema>(item: S, what: string) =>
  v.array(item, must(`be a list of ${what}`));
