import { AuthError } from '../errors/auth-error.js';

/** What validation libraries have in common (Standard Schema 1, https://standardschema.dev): valibot, zod, arktype and more. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
  };
}

export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** A body or a field that is wrong in so many ways is not described to its end. */
const MOST_ISSUES = 20;
const LONGEST_MESSAGE = 200;
/** A field may be named by the client: the key of a record. */
const LONGEST_FIELD = 100;

/**
 * The 400 for what a schema refused, naming every field.
 * @param whole the sentence for an issue that is about no field; null: the issue's own
 */
export function refusalOf(issues: readonly StandardIssue[], whole: string | null): AuthError {
  const sentences = issues.slice(0, MOST_ISSUES).map(({ path, message }) => {
    const field = path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    if (!field) return whole ?? sentence(message);
    return `${field.slice(0, LONGEST_FIELD)}: ${sentence(message)}`;
  });
  return new AuthError('invalid_request', [...new Set(sentences)].join('; '));
}

/** valibot's own sentence about what is missing is about keys. */
const MISSING_KEY = /^Invalid key: Expected .* but received undefined$/;

function sentence(message: string): string {
  return MISSING_KEY.test(message) ? 'is missing' : message.slice(0, LONGEST_MESSAGE);
}
