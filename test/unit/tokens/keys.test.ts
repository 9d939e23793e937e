import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { AuthConfigurationError } from '../../../src/errors/configuration-error.js';
import type { SecretInput } from '../../../src/options/auth-options.js';
import { resolveAuthOptions } from '../../../src/options/auth-settings.js';
import { buildKeys } from '../../../src/tokens/keys.js';

const good = () => randomBytes(32).toString('base64url');

function keysOf(access: readonly SecretInput[], refresh: readonly SecretInput[]) {
  const { accessKeys, refreshSecrets } = resolveAuthOptions({
    accessToken: { secret: access },
    refreshToken: { secret: refresh },
  });
  return buildKeys(accessKeys, refreshSecrets);
}

const withAccess = (secret: SecretInput) => keysOf([secret], [good()]);
const withRefresh = (secret: SecretInput) => keysOf([good()], [secret]);

describe('keys', () => {
  it('are the same after a restart, and their kid reveals nothing about the secret', () => {
    const secret = good();
    const [first] = withRefresh(secret).refresh;
    const [second] = withRefresh(secret).refresh;
    expect(second.kid).toBe(first.kid);
    expect(second.verifyingKey.equals(first.verifyingKey)).toBe(true);
    expect(second.ratchetKey.equals(first.ratchetKey)).toBe(true);
    expect(first.kid).toMatch(/^[\w-]{8}$/);
    expect(secret).not.toContain(first.kid);
  });

  it('that derive successors differ from those that sign', () => {
    const [key] = withRefresh(good()).refresh;
    expect(key.ratchetKey.equals(key.verifyingKey)).toBe(false);
    expect(key.ratchetKey.symmetricKeySize).toBe(32);
  });

  it('can be text or bytes, keep their order, and can have another name', () => {
    const bytes = randomBytes(32);
    const { access } = keysOf([{ kid: '2030-01', secret: good() }, bytes], [good()]);
    expect(access.map(({ algorithm }) => algorithm)).toEqual(['HS256', 'HS256']);
    expect(access[0].kid).toBe('2030-01');
    expect(access[1]!.verifyingKey.export()).toEqual(bytes);
  });

  it('may be 32 bytes in any script', () => {
    expect(() => withAccess('Жд7Ыщ3Эю9Фя4Ъп6ШкЁ2Ьт8Гц')).not.toThrow();
  });
});

const refusal = (build: () => unknown): string => {
  expect(build).toThrow(AuthConfigurationError);
  try {
    build();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};

describe('a secret is refused, with what to use instead,', () => {
  it.each<[string, SecretInput, RegExp]>([
    ['when it is empty', '', /has 0 bytes, HS256 needs at least 32/],
    ['when it is a byte short', randomBytes(31), /has 31 bytes/],
    ['when it is short, although it is many characters', { kid: 'k', secret: 'x1Y2z3' }, /6 bytes/],
    ['when it has few different bytes', 'abcdefg'.repeat(9) + 'gfedcba', /repeats itself/],
    ['when it is zeros', Buffer.alloc(64), /repeats itself/],
    ['when it is one piece repeated', 'p4ssw0rd-Q'.repeat(4), /repeats itself/],
    [
      'when it is one piece repeated, and a part of it',
      'p4ssw0rd-QxT'.repeat(3) + 'p4s',
      /repeats/,
    ],
    ['when it is a number', 12345678901234 as unknown as string, /must be a text/],
    ['when it is a list in a list', [good()] as unknown as string, /must be a text/],
    ['when its kid is empty', { kid: '', secret: good() }, /a kid is 1 to 64 letters/],
    ['when its kid is a path', { kid: '../../etc', secret: good() }, /a kid is 1 to 64 letters/],
    ['when its kid is a line longer', { kid: 'a\n', secret: good() }, /a kid is 1 to 64 letters/],
  ])('%s', (_when, secret, sentence) => {
    expect(refusal(() => withAccess(secret))).toMatch(sentence);
    expect(refusal(() => withAccess(secret))).toContain('accessToken.');
    expect(refusal(() => withRefresh(secret))).toContain('refreshToken.');
  });

  it.each([
    // Nest's documentation, Supabase's default, jwt.io's placeholders, and two tutorials' .env files.
    'DO NOT USE THIS VALUE. INSTEAD, CREATE A COMPLEX SECRET AND KEEP IT SAFE OUTSIDE OF THE SOURCE CODE.',
    'super-secret-jwt-token-with-at-least-32-characters-long',
    'a-string-secret-at-least-256-bits-long',
    'your-256-bit-secret',
    'your_access_secret',
    'your_refresh_secret',
    'your-super-long-and-very-safe-secret-key-0123456789',
    'please-change-me-0123456789-abcdefghijklmnop',
    'CHANGE_THIS_to_a_random_string_of_32_characters',
    ' Super-Secret-JWT-token-with-at-least-32-characters-long\n',
  ])('if it is publicly known: %j', (secret) => {
    const message = refusal(() => withRefresh(secret));
    expect(message).toMatch(/refreshToken\.secret is a published example.*openssl rand -base64 48/);
    expect(message).not.toContain(secret);
  });

  it('if it is publicly known, even as bytes', () => {
    const bytes = Buffer.from('super-secret-jwt-token-with-at-least-32-characters-long');
    expect(refusal(() => withAccess(bytes))).toMatch(/published example/);
  });

  it('if both kinds of token would share it, in any form', () => {
    const secret = good();
    for (const twin of [secret, Buffer.from(secret), { kid: 'other', secret }]) {
      expect(refusal(() => keysOf([secret], [twin]))).toMatch(/must all differ/);
      expect(refusal(() => keysOf([good(), secret], [good(), twin]))).toMatch(/must all differ/);
      expect(refusal(() => keysOf([secret, twin], [good()]))).toMatch(/must all differ/);
    }
  });

  it('if two of one kind of token have the same kid', () => {
    const two = [
      { kid: 'k', secret: good() },
      { kid: 'k', secret: good() },
    ] as const;
    expect(refusal(() => keysOf(two, [good()]))).toMatch(/share a kid/);
    expect(() => keysOf([two[0]], [two[1]])).not.toThrow();
  });

  it('without quoting it: no message contains it', () => {
    for (const secret of ['short-secret-0', 'p4ssw0rd-Q'.repeat(4)]) {
      expect(refusal(() => withAccess(secret))).not.toContain(secret);
    }
  });
});
