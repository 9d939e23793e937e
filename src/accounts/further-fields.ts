import { Logger } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { textOf } from '../errors/text-of.js';
import { refusalOf, type StandardResult, type StandardSchema } from '../input/standard-schema.js';

/** Checks the fields of a registration beside name and password, and returns them as the app's schema makes them. */
export type FurtherFields = (given: unknown) => Promise<object>;

/** @param schema the app's */
export function furtherFields(schema: StandardSchema): FurtherFields {
  return async (given) => {
    const result = await validated(schema, given);
    if (result.issues !== undefined) {
      throw refusalOf(result.issues, 'the further fields are not what this app takes');
    }
    if (typeof result.value === 'object' && result.value !== null) return result.value;
    throw new AuthError('misconfigured', 'The schema of registration returned no object.');
  };
}

/** What a schema throws is a mistake of the app, or of who sent what it was not ready for. */
async function validated(schema: StandardSchema, given: unknown): Promise<StandardResult<unknown>> {
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
