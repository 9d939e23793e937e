import * as nest from '@nestjs/common';
import * as v from 'valibot';
import { refusalOf, type StandardIssue } from '../input/standard-schema.js';
import { isUnicode, LONGEST_PASSWORD } from '../passwords/password-policy.js';
import { isName, LONGEST_USERNAME } from '../accounts/password-login.js';

function text(longest: number) {
  const sentence = `must be a text of 1 to ${longest} characters`;
  return v.pipe(v.string(sentence), v.minLength(1, sentence), v.maxLength(longest, sentence));
}

const password = v.pipe(
  text(LONGEST_PASSWORD),
  v.check(isUnicode, 'must be Unicode text, without halves of surrogate pairs'),
);

/** Fields beyond these are ignored. */
export const credentialsBody = v.object({
  username: v.pipe(
    text(LONGEST_USERNAME),
    v.check(isName, 'must have a visible character, and no control characters'),
  ),
  password,
});

export const passwordChangeBody = v.object({
  currentPassword: password,
  newPassword: password,
});

/**
 * The body of a request, for a parameter of a route. Where Nest can document schemas (12), with the schema. Not checked
 * here: what a parameter's pipe refuses has no client.
 */
export function JsonBody(schema: v.GenericSchema): ParameterDecorator {
  // Nest 10 and 11 would take the object for a pipe.
  return Reflect.has(nest, 'StandardSchemaValidationPipe') ? nest.Body({ schema }) : nest.Body();
}

/** @throws {AuthError} `invalid_request`, naming every field that is wrong */
export function checkedBody<const S extends v.GenericSchema>(
  schema: S,
  body: unknown,
): v.InferOutput<S> {
  const { success, output, issues } = v.safeParse(schema, body);
  if (success) return output;
  throw refusalOf(issues as unknown as StandardIssue[], 'send a JSON object as the body');
}

/** The fields of a registration beside name and password: the app's schema checks them, if there is one. */
export function furtherFieldsOf(body: unknown): object {
  const { username: _username, password: _password, ...fields } = body as Record<string, unknown>;
  return fields;
}
