import { StandardSchemaValidationPipe } from '@nestjs/common';
import * as v from 'valibot';
import { AuthError } from '../errors/auth-error.js';
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
 * The body of a request as its route takes it. Not a parameter's pipe, because what a pipe refuses has no client.
 * @throws {AuthError} `invalid_request`, naming every field that is wrong
 */
export function checkedBody<const S extends v.GenericSchema>(
  schema: S,
  body: unknown,
): Promise<v.InferOutput<S>> {
  return validation.transform(body, { type: 'body', schema });
}

const validation = new StandardSchemaValidationPipe({
  exceptionFactory: (issues) => {
    const complaints = issues.map(({ path }, i) => {
      const field = path
        ?.map((part) => String(typeof part === 'object' ? part.key : part))
        .join('.');
      return field
        ? `${field}: ${complaint(issues[i]!.message)}`
        : 'send a JSON object as the body';
    });
    return new AuthError('invalid_request', complaints.join('; '));
  },
});

/** valibot's own sentences are about keys and types. */
function complaint(message: string): string {
  return message.startsWith('Invalid key') ? 'is missing' : message;
}
