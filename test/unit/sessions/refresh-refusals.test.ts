import { describe, expect, it } from '@jest/globals';
import type { SessionRow } from '../../../src/sessions/refresh-token-store.js';
import { refusal, sessionRevoked } from '../../../src/sessions/refresh-refusals.js';
import type { PresentedRefreshToken } from '../../../src/tokens/refresh-tokens.js';

const LEEWAY = 30_000;
const token = { expiresAt: 1_000_000 } as PresentedRefreshToken;
const row = (change: Partial<SessionRow>) => change as SessionRow;

type Given = Parameters<typeof refusal>;
const CASES: [string, Given[0], SessionRow | null, number, object][] = [
  ['an ended session', 'revoked', row({ revokedReason: 'logout' }), 0, { ended: true }],
  ['a session that a login replaced', 'revoked', row({ revokedReason: 'new_login' }), 0, {}],
  ['a session that ended and was deleted', 'revoked', null, 0, { ended: true }],
  ['an expired session', 'expired', row({}), 0, { code: 'refresh_expired', ended: true }],
  [
    'a session that was never here',
    'unknown',
    null,
    token.expiresAt + LEEWAY - 1,
    { code: 'refresh_invalid' },
  ],
  [
    'a session that expired and was deleted',
    'unknown',
    null,
    token.expiresAt + LEEWAY,
    { code: 'refresh_expired', ended: true },
  ],
  ['a token ahead of its row', 'ahead', row({ rotatedAt: 0 }), 0, { code: 'refresh_invalid' }],
  [
    'a token just replaced with the password',
    'overtaken',
    row({ rotatedAt: 500 }),
    500 + LEEWAY - 1,
    { code: 'refresh_invalid', retryAfter: 1, says: 'Try again with the new one.' },
  ],
  [
    'a token replaced with the password a leeway ago',
    'overtaken',
    row({ rotatedAt: 500 }),
    500 + LEEWAY,
    { code: 'refresh_invalid', says: 'Log in again.' },
  ],
  ['a reused token', 'reused', row({}), 0, { code: 'refresh_reused', ended: true }],
];

describe('the refusal', () => {
  it.each(CASES)(
    'of %s says whether the cookies go, and when to try again',
    (_what, verdict, its, now, expected) => {
      const error = refusal(verdict, its, token, { now, leewayMs: LEEWAY });
      const wanted = { code: 'session_revoked', ended: false, says: '', ...expected };
      expect({ code: error.code, ended: error.sessionEnded }).toEqual({
        code: wanted.code,
        ended: wanted.ended,
      });
      expect(error.retryAfter).toBe((expected as { retryAfter?: number }).retryAfter);
      expect(error.message).toContain(wanted.says);
    },
  );

  it('of a token replaced with the password explains why', () => {
    const { message } = refusal('overtaken', row({ rotatedAt: 0 }), token, {
      now: LEEWAY,
      leewayMs: LEEWAY,
    });
    expect(message).toBe(
      'This refresh token was replaced when the password was changed. Log in again.',
    );
  });

  it('of an ended session deletes the cookies, if nobody says otherwise', () => {
    expect(sessionRevoked().sessionEnded).toBe(true);
  });
});
