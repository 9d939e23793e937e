import * as v from 'valibot';
import { described } from '../errors/described.js';
import { must } from './must.js';
import { originOf } from './origin.js';

/** Origins, which come out in their normal form. A text, which can be iterated too, is no list. */
export const allowedOrigins = v.pipe(
  v.custom<readonly string[]>(
    (input) => Array.isArray(input),
    must('be a list of origins, such as ["https://app.example.com"]'),
  ),
  v.rawTransform<readonly string[], readonly string[]>(({ dataset, addIssue }) =>
    // Array.from, unlike map, sees the holes.
    Array.from(dataset.value, (given: unknown) => {
      const origin = originOf(given);
      if (origin === null) {
        addIssue({
          message: `has ${shown(given)}, which is not an origin: write scheme, host and port only, such as "https://app.example.com" or "capacitor://localhost", without a slash at the end.`,
        });
      }
      return origin ?? '';
    }),
  ),
  v.description('a list of origins'),
);

/** Without the user and password that a URL may have. */
function shown(given: unknown): string {
  if (typeof given !== 'string') return described(given);
  return JSON.stringify(given.replace(/\/\/[^/@]*@/, '//…@').slice(0, 100));
}
