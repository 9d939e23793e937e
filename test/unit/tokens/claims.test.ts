import { describe, expect, it } from '@jest/globals';
import { areGenuineClaims, isExpired, isOfTheFuture } from '../../../src/tokens/claims.js';

const now = Date.parse('2030-01-01T00:00:00.500Z');
const seconds = Math.floor(now / 1000);
const expected = { issuer: 'me', audience: 'api' };
const genuine = {
  iss: 'me',
  aud: 'api',
  sub: '7',
  sid: 'a session',
  jti: 'a token',
  iat: seconds,
  exp: seconds + 900,
};

const judged = (claims: unknown) => areGenuineClaims(claims, expected);

describe('claims are genuine', () => {
  it.each<[string, object]>([
    ['as we write them', {}],
    ['with the app’s own beside them', { roles: ['admin'], email: 'ada@example.com' }],
    ['when they have expired, which is another question', { exp: 1 }],
    ['when they are of the future, which is another question too', { iat: 10 * seconds }],
  ])('%s', (_when, change) => {
    expect(judged({ ...genuine, ...change })).toBe(true);
  });
});

describe('claims are refused', () => {
  it.each([[null], ['text'], [7], [[]], [[genuine]], [undefined]])(
    'when they are %p',
    (payload) => {
      expect(judged(payload)).toBe(false);
    },
  );

  it.each(['iss', 'aud', 'sub', 'sid', 'jti', 'iat', 'exp'])('without %s', (claim) => {
    expect(judged({ ...genuine, [claim]: undefined })).toBe(false);
    expect(judged({ ...genuine, [claim]: null })).toBe(false);
  });

  it.each<[string, object]>([
    ['another issuer', { iss: 'you' }],
    ['the issuer in a list', { iss: ['me'] }],
    ['another audience', { aud: 'api/refresh' }],
    ['our audience among others', { aud: ['api', 'other'] }],
    ['a numeric sub', { sub: 7 }],
    ['an empty sub', { sub: '' }],
    ['an object as sub', { sub: { toString: () => '7' } }],
    ['an empty sid', { sid: '' }],
    ['a list as sid', { sid: ['a session'] }],
    ['a numeric jti', { jti: 1 }],
    ['exp as a text', { exp: String(seconds + 900) }],
    ['an endless exp', { exp: Number('1e400') }],
    ['an exp that is no number', { exp: Number.NaN }],
    ['a fraction of a second', { exp: seconds + 0.5 }],
    ['an exp beyond what can be counted', { exp: 2 ** 53 }],
    ['a negative exp', { exp: -1 }],
    ['iat as a text', { iat: String(seconds) }],
    ['an nbf in the future', { nbf: seconds + 1 }],
    ['any nbf, for we write none', { nbf: 0 }],
  ])('with %s', (_what, change) => {
    expect(judged({ ...genuine, ...change })).toBe(false);
  });
});

describe('a token', () => {
  it('may come from an instance whose clock is ahead, as far as instances boot', () => {
    const ahead = { iat: seconds + 58 };
    expect(isOfTheFuture(ahead, seconds * 1000)).toBe(false);
    expect(isOfTheFuture(ahead, seconds * 1000 - 1)).toBe(true);
  });

  it('is invalid at its exp and valid a millisecond before', () => {
    expect(isExpired({ exp: seconds }, seconds * 1000 - 1)).toBe(false);
    expect(isExpired({ exp: seconds }, seconds * 1000)).toBe(true);
  });
});
