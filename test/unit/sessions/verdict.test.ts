import { describe, expect, it } from '@jest/globals';
import type { SessionRow } from '../../../src/sessions/refresh-token-store.js';
import { judge, type JudgedToken } from '../../../src/sessions/verdict.js';

const LEEWAY = 30_000;
const ROTATED = Date.parse('2030-01-01T00:00:00.500Z');
const EXPIRES = ROTATED + 7 * 24 * 3_600_000;
const ABSOLUTE = ROTATED + 30 * 24 * 3_600_000;
/** How wrong the clock of another instance is. */
const BEHIND = -5000;
const AHEAD = 5000;
const LONG_AFTER = ROTATED + LEEWAY + 60_000;

describe('the current token', () => {
  it('rotates at once after the login, because nothing older can be on its way', () => {
    expect(verdict({ row: { generation: 0 }, token: 0, now: ROTATED })).toBe('rotated');
  });

  it('is renewed until a leeway has passed, then rotated', () => {
    expect(verdict({ token: 5, now: ROTATED })).toBe('renewed');
    expect(verdict({ token: 5, now: ROTATED + LEEWAY - 1 })).toBe('renewed');
    expect(verdict({ token: 5, now: ROTATED + LEEWAY })).toBe('rotated');
  });

  it('is rotated until the millisecond before the session expires, and not at it', () => {
    expect(verdict({ token: 5, now: EXPIRES - 1 })).toBe('rotated');
    expect(verdict({ token: 5, now: EXPIRES })).toBe('expired');
  });

  it('is rotated on every use when the leeway is 0', () => {
    expect(verdict({ token: 5, now: ROTATED, leeway: 0 })).toBe('rotated');
  });

  it('is renewed, and nothing worse, on an instance whose clock is 5 s behind', () => {
    expect(verdict({ token: 5, now: ROTATED + BEHIND })).toBe('renewed');
    expect(verdict({ token: 5, now: ROTATED + BEHIND, leeway: 0 })).toBe('rotated');
  });

  it('is rotated 5 s early on an instance whose clock is 5 s ahead', () => {
    expect(verdict({ token: 5, now: ROTATED + LEEWAY - 5001 + AHEAD })).toBe('renewed');
    expect(verdict({ token: 5, now: ROTATED + LEEWAY - 5000 + AHEAD })).toBe('rotated');
  });
});

describe('the predecessor', () => {
  it('is replayed until a leeway has passed, then it is reused', () => {
    expect(verdict({ token: 4, now: ROTATED })).toBe('replayed');
    expect(verdict({ token: 4, now: ROTATED + LEEWAY - 1 })).toBe('replayed');
    expect(verdict({ token: 4, now: ROTATED + LEEWAY })).toBe('reused');
  });

  it('of the first rotation is no exception', () => {
    const row = { generation: 1, tokenHash: 'hash of 1' };
    expect(verdict({ row, token: 0, now: ROTATED + LEEWAY - 1 })).toBe('replayed');
    expect(verdict({ row, token: 0, now: ROTATED + LEEWAY })).toBe('reused');
  });

  it('is reused at once when the leeway is 0', () => {
    expect(verdict({ token: 4, now: ROTATED, leeway: 0 })).toBe('reused');
  });

  it('is still replayed on an instance whose clock is 5 s behind or ahead', () => {
    expect(verdict({ token: 4, now: ROTATED + BEHIND })).toBe('replayed');
    expect(verdict({ token: 4, now: ROTATED + AHEAD })).toBe('replayed');
  });

  it('is replayed 5 s longer by an instance that is behind, 5 s shorter by one that is ahead', () => {
    expect(verdict({ token: 4, now: ROTATED + LEEWAY + 4999 + BEHIND })).toBe('replayed');
    expect(verdict({ token: 4, now: ROTATED + LEEWAY + 5000 + BEHIND })).toBe('reused');
    expect(verdict({ token: 4, now: ROTATED + LEEWAY - 5001 + AHEAD })).toBe('replayed');
    expect(verdict({ token: 4, now: ROTATED + LEEWAY - 5000 + AHEAD })).toBe('reused');
  });

  it('is reused when the row is not the successor derived from it', () => {
    const claims = { nextTokenHash: 'hash of another 5' };
    expect(verdict({ token: 4, claims, now: ROTATED })).toBe('reused');
  });
});

describe('after a password change', () => {
  const row = { generation: 2 ** 20, tokenHash: 'hash of a fresh secret' };

  it.each([0, 4, 5, 2 ** 20 - 1])(
    'a token of generation %i is refused and never taken for theft, at any time',
    (token) => {
      for (const now of [ROTATED, LONG_AFTER]) {
        expect(verdict({ row, token, now })).toBe('overtaken');
        expect(verdict({ row, token, now, leeway: 0 })).toBe('overtaken');
        const later = { generation: 2 ** 20 + 9, tokenHash: 'hash of 9' };
        expect(verdict({ row: later, token, now })).toBe('overtaken');
      }
    },
  );

  it('its own tokens are judged as usual', () => {
    const claims = { tokenHash: row.tokenHash };
    expect(verdict({ row, token: 2 ** 20, claims, now: ROTATED })).toBe('renewed');
    expect(verdict({ row, token: 2 ** 20, claims, now: LONG_AFTER })).toBe('rotated');
    expect(verdict({ row, token: 2 ** 20, now: ROTATED })).toBe('reused');
    const next = { generation: 2 ** 20 + 1, tokenHash: `hash of ${2 ** 20 + 1}` };
    expect(verdict({ row: next, token: 2 ** 20, now: ROTATED })).toBe('replayed');
    expect(verdict({ row: next, token: 2 ** 20, now: LONG_AFTER })).toBe('reused');
  });

  it('a session that rotated to that generation is judged as usual too', () => {
    const next = { generation: 2 ** 20, tokenHash: `hash of ${2 ** 20}` };
    expect(verdict({ row: next, token: 2 ** 20 - 1, now: ROTATED })).toBe('replayed');
  });
});

describe('any other token', () => {
  it('two or more generations behind is reused, however recent the rotation', () => {
    expect(verdict({ token: 3, now: ROTATED })).toBe('reused');
    expect(verdict({ token: 0, now: ROTATED })).toBe('reused');
  });

  it('two behind is reused even if it claims a successor that matches the row', () => {
    const claims = { nextTokenHash: 'hash of 5' };
    expect(verdict({ token: 3, claims, now: ROTATED })).toBe('reused');
  });

  it('of the current generation with another secret is forged: reused at any time', () => {
    const claims = { tokenHash: 'hash of a guess' };
    expect(verdict({ token: 5, claims, now: ROTATED })).toBe('reused');
    expect(verdict({ token: 5, claims, now: LONG_AFTER })).toBe('reused');
  });

  it('of a generation that the row has not reached is from before a restored backup: ahead', () => {
    expect(verdict({ token: 6, now: ROTATED })).toBe('ahead');
    expect(verdict({ token: 60, now: LONG_AFTER })).toBe('ahead');
    expect(verdict({ row: { generation: 0, tokenHash: 'hash of 0' }, token: 1 })).toBe('ahead');
  });
});

describe('a token forged with a leaked key', () => {
  it.each([
    { name: 'another user', claims: { userId: 'mallory' } },
    { name: 'a later absolute expiry', claims: { absoluteExpiresAt: ABSOLUTE + 1000 } },
    { name: 'an earlier absolute expiry', claims: { absoluteExpiresAt: ABSOLUTE - 1000 } },
  ])('that names $name is reused, whatever its generation', ({ claims }) => {
    for (const token of [3, 4, 5, 6]) {
      for (const now of [ROTATED, LONG_AFTER]) {
        expect(verdict({ token, claims, now })).toBe('reused');
      }
    }
  });
});

describe('a session that has ended', () => {
  it('is unknown once its row is deleted', () => {
    expect(judge(null, presented(5), ROTATED, LEEWAY)).toBe('unknown');
  });

  it('is revoked for every token, within the leeway and past its expiry too', () => {
    const row: Partial<SessionRow> = { revokedAt: ROTATED, revokedReason: 'logout' };
    for (const token of [0, 4, 5, 6]) {
      for (const now of [ROTATED, LONG_AFTER, EXPIRES, ABSOLUTE]) {
        expect(verdict({ row, token, now })).toBe('revoked');
      }
    }
    expect(verdict({ row, token: 5, claims: { userId: 'mallory' } })).toBe('revoked');
    expect(verdict({ row: { ...row, generation: 0 }, token: 0 })).toBe('revoked');
  });

  it('is revoked even at millisecond 0 of the epoch', () => {
    expect(verdict({ row: { revokedAt: 0 }, token: 5 })).toBe('revoked');
  });

  it('is expired for every token from the millisecond of its expiry, forged ones included', () => {
    for (const token of [0, 4, 5, 6]) {
      expect(verdict({ token, now: EXPIRES })).toBe('expired');
    }
    expect(verdict({ token: 5, claims: { userId: 'mallory' }, now: EXPIRES })).toBe('expired');
  });

  it('expires even for a token just rotated, and within the leeway of its predecessor', () => {
    const row = { expiresAt: ROTATED + 1000 };
    for (const token of [4, 5]) {
      expect(verdict({ row, token, now: ROTATED + 999 })).not.toBe('expired');
      expect(verdict({ row, token, now: ROTATED + 1000 })).toBe('expired');
    }
  });
});

interface Question {
  row?: Partial<SessionRow>;
  /** The generation of the presented token. */
  token: number;
  claims?: Partial<JudgedToken>;
  now?: number;
  leeway?: number;
}

/** The verdict on a token of a session, at generation 5 by default. */
function verdict({ row = {}, token, claims, now = ROTATED, leeway = LEEWAY }: Question) {
  return judge(sessionRow(row), { ...presented(token), ...claims }, now, leeway);
}

function sessionRow(row: Partial<SessionRow>): SessionRow {
  const generation = row.generation ?? 5;
  return {
    id: 'session',
    userId: 'alice',
    tokenHash: `hash of ${generation}`,
    generation,
    createdAt: ROTATED,
    rotatedAt: ROTATED,
    expiresAt: EXPIRES,
    absoluteExpiresAt: ABSOLUTE,
    revokedAt: null,
    revokedReason: null,
    ip: null,
    userAgent: null,
    ...row,
  };
}

function presented(generation: number): JudgedToken {
  return {
    userId: 'alice',
    generation,
    tokenHash: `hash of ${generation}`,
    nextTokenHash: `hash of ${generation + 1}`,
    absoluteExpiresAt: ABSOLUTE,
  };
}
