import { Logger } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { textOf } from '../errors/text-of.js';
import { refusalOf, type StandardIssue, type StandardSchema } from '../input/standard-schema.js';

/** Checks the fields of a registration beside name and password, and returns them as the app's schema makes them. */
export type FurtherFields = (given: unknown) => Promise<object>;

/** @param schema the app's */
export function furtherFields(schema: StandardSchema): FurtherFields {
  return async (given) => {
    const result: unknown = await validated(schema, given);
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
async function validated(schema: StandardSchema, given: unknown): Promise<unknown> {
  try {
    return await schema['~standard'].validate(given);
  } catch (error) {
    new Logger('AuthModule').error(
      `The schema of registration threw, which becomes a 400: ${textOf(error)}`,
      error instanceof Error ? error.stack : undefined,
    );
    throw new AuthError('invalid_request', 'the further fields can not be checked', {
      cause: error,
    });
  }
}
