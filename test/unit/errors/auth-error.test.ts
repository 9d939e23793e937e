import { HttpException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { AuthError, type AuthErrorCode } from '../../../src/errors/auth-error.js';
import { storeUnavailable } from '../../../src/errors/store-unavailable.js';

describe('an error that is told to the client', () => {
  // The wire contract: clients decide by these, so a change here is a breaking one.
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
    const told = new AuthError(code, 'Why.');
    expect(told).toBeInstanceOf(HttpException);
    expect(told.getStatus()).toBe(statusCode);
    expect(told.getResponse()).toEqual({ statusCode, error, message: 'Why.', code });
    expect(told.message).toBe('Why.');
  });

  it('keeps its cause to itself', () => {
    const cause = new Error('password=hunter2 at db.internal');
    const told = storeUnavailable(cause);
    expect(told.cause).toBe(cause);
    expect(told.retryAfter).toBe(1);
    expect(JSON.stringify(told.getResponse())).not.toMatch(/hunter2|db\.internal/);
  });

  it('leaves the session alone unless it says otherwise', () => {
    expect(new AuthError('refresh_invalid', 'Why.').sessionEnded).toBe(false);
    expect(new AuthError('refresh_reused', 'Why.', { sessionEnded: true }).sessionEnded).toBe(true);
  });
});
