import { AuthError } from '../errors/auth-error.js';
import { OncePerSentence } from '../errors/once-per-sentence.js';
import { placeOf, stackOf } from '../errors/stack-of.js';
import { storeUnavailable } from '../errors/store-unavailable.js';
import { textOf } from '../errors/text-of.js';
import { LONGEST_RESPONSE_MS } from '../runtime/time-bounds.js';
import { TooLateError, withinTime } from '../runtime/time-limit.js';
import { refusalOf, type StandardIssue, type StandardSchema } from '../input/standard-schema.js';

/** Checks the fields of a registration beside name and password, and returns them as the app's schema makes them. */
export type FurtherFields = (given: unknown) => Promise<object>;

/** @param schema the app's */
export function furtherFields(schema: StandardSchema): FurtherFields {
  const validate = validation(schema);
  return async (given) => {
    const result = await validate(given);
    if (hasIssues(result)) throw refusalOf(result.issues, null);
    const { issues, value } = (result ?? {}) as { issues?: unknown; value?: unknown };
    if (issues === undefined && isObject(value)) return value;
    throw new AuthError('misconfigured', 'The schema of registration returned no object.');
  };
}

/** A schema may be the app's own, and not quite of the standard. */
function hasIssues(result: unknown): result is { issues: StandardIssue[] } {
  const issues = (result as { issues?: unknown } | null | undefined)?.issues;
  return Array.isArray(issues) && issues.length > 0 && issues.every(isIssue);
}

function isIssue(issue: Partial<StandardIssue> | null): boolean {
  if (typeof issue?.message !== 'string') return false;
  const { path } = issue;
  return path === undefined || (Array.isArray(path) && path.every(isKey));
}

function isKey(part: unknown): boolean {
  const key = isObject(part) ? (part as { key?: unknown }).key : part;
  return ['string', 'number', 'symbol'].includes(typeof key);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What a schema throws is a mistake of the app, or of who sent what it was not ready for. */
function validation(schema: StandardSchema): (given: unknown) => Promise<unknown> {
  const log = new OncePerSentence();
  return async (given) => {
    try {
      return await withinTime(schema['~standard'].validate(given), LONGEST_RESPONSE_MS);
    } catch (error) {
      const text = textOf(error);
      if (error instanceof TooLateError) {
        log.error(`The schema of registration gives no result, which becomes a 503: ${text}`);
        throw storeUnavailable(error, 'schema of registration');
      }
      log.error(
        `The schema of registration threw, which becomes a 400: ${text}`,
        placeOf(error) ?? text,
        stackOf(error),
      );
      throw new AuthError('invalid_request', 'the further fields can not be checked', {
        cause: error,
      });
    }
  };
}
