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

/**
 * The 400 for what a schema refused, naming every field.
 * @param whole the sentence for an issue that is about no field
 */
export function refusalOf(issues: readonly StandardIssue[], whole: string): AuthError {
  const sentences = issues.slice(0, MOST_ISSUES).map(({ path, message }) => {
    const field = path?.map((part) => String(typeof part === 'object' ? part.key : part)).join('.');
    return field ? `${field}: ${sentence(message)}` : whole;
  });
  return new AuthError('invalid_request', [...new Set(sentences)].join('; '));
}

/** valibot's own sentences about what is missing are about keys. */
function sentence(message: string): string {
  return message.startsWith('Invalid key') ? 'is missing' : message.slice(0, LONGEST_MESSAGE);
}
