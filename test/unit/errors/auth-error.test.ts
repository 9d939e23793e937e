import { HttpException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { AuthError, type AuthErrorCode } from '../../../src/errors/auth-error.js';
import { storeUnavailable } from '../../../src/errors/store-unavailable.js';
import { tooManyAttempts } from '../../../src/limits/attempt-counter.js';
import {
  refreshOvertaken,
  refreshReused,
  sessionChanging,
  sessionRevoked,
} from '../../../src/sessions/refresh-refusals.js';
import { refreshExpired, refreshInvalid } from '../../../src/tokens/refresh-tokens.js';

describe('an error sent to the client', () => {
  // The wire contract: clients depend on these, so a change here is a breaking one.
  it.each<[AuthErrorCode, number, string]>([
    ['invalid_request', 400, 'Bad Request'],
    ['invalid_credentials', 401, 'Unauthorized'],
    ['token_missing', 401, 'Unauthorized'],
    ['token_invalid', 401, 'Unauthorized'],
    ['token_expired', 401, 'Unauthorized'],
    ['session_revoked', 401, 'Unauthorized'],
    ['refresh_missing', 401, 'Unauthorized'],
    ['refresh_invalid', 401, 'Unauthorized'],
    ['refresh_expired', 401, 'Unauthorized'],
    ['refresh_reused', 401, 'Unauthorized'],
    ['csrf_rejected', 403, 'Forbidden'],
    ['insufficient_role', 403, 'Forbidden'],
    ['session_not_found', 404, 'Not Found'],
    ['username_taken', 409, 'Conflict'],
    ['too_many_attempts', 429, 'Too Many Requests'],
    ['store_unavailable', 503, 'Service Unavailable'],
    ['busy', 503, 'Service Unavailable'],
  ])('%s is a %i in Nest’s usual body', (code, statusCode, error) => {
    const thrown = new AuthError(code, 'Why.');
    expect(thrown).toBeInstanceOf(HttpException);
    expect(thrown.getStatus()).toBe(statusCode);
    expect(thrown.getResponse()).toEqual({ statusCode, error, message: 'Why.', code });
    expect(thrown.message).toBe('Why.');
  });

  it.each([
    [1, 1],
    [1.2, 2],
    [0, 0],
    [-5, 0],
    [1e300, 2_147_483_647],
    [Infinity, undefined],
    [NaN, undefined],
    [undefined, undefined],
    ['soon', undefined],
  ])('has whole seconds that a header can carry: %p are %p', (given, seconds) => {
    const details = { retryAfter: given as number };
    expect(new AuthError('busy', 'Why.', details).retryAfter).toBe(seconds);
  });

  it('does not send its cause', () => {
    const cause = new Error('password=hunter2 at db.internal');
    const thrown = storeUnavailable(cause);
    expect(thrown.cause).toBe(cause);
    expect(thrown.retryAfter).toBe(1);
    expect(JSON.stringify(thrown.getResponse())).not.toMatch(/hunter2|db\.internal/);
  });

  it.each<[string, AuthError]>([
    ['a store that is down', storeUnavailable(null)],
    ['a session that is being changed', sessionChanging()],
    ['a token that was just replaced', refreshOvertaken(true)],
    ['a token that was replaced long ago', refreshOvertaken(false)],
    ['too many attempts', tooManyAttempts(1500)],
    ['an ended session', sessionRevoked()],
    ['an ended session whose cookie is another’s', sessionRevoked({ keepCookies: true })],
    ['reuse', refreshReused()],
    ['no token of ours', refreshInvalid()],
    ['an expired one', refreshExpired()],
  ])('has a message that agrees with its headers: %s', (_what, { message, retryAfter }) => {
    expect(/try again/i.test(message)).toBe(retryAfter !== undefined);
    expect(/log in again/i.test(message)).toBe(retryAfter === undefined);
  });

  it('does not end the session unless it is marked so', () => {
    expect(new AuthError('refresh_invalid', 'Why.').sessionEnded).toBe(false);
    expect(new AuthError('refresh_reused', 'Why.', { sessionEnded: true }).sessionEnded).toBe(true);
  });
});
