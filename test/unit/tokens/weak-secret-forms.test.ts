import { describe, expect, it } from '@jest/globals';
import type { AccessKeyInput, SecretInput } from '../../../src/options/auth-options.js';
import { buildKeys } from '../../../src/tokens/keys.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';

const hmac = (secret: SecretInput): AccessKeyInput =>
  ({
    algorithm: 'HS256',
    ...(typeof secret === 'object' && 'secret' in secret ? secret : { secret }),
  }) as AccessKeyInput;

describe('a weak secret is refused wherever one is given:', () => {
  const weak = 'this is the secret of our little shop';
  const forms: [string, SecretInput][] = [
    ['text', weak],
    ['bytes', Buffer.from(weak)],
    ['base64', { base64: inBase64(weak) }],
    ['a JWK', { kty: 'oct', k: Buffer.from(weak).toString('base64url') }],
    ['with a kid', { kid: 'k', secret: weak }],
  ];
  it.each(forms)('as %s', (_form, secret) => {
    const good = hmac(ACCESS_SECRET);
    expect(() => buildKeys([hmac(secret)], [REFRESH_SECRET])).toThrow(
      /accessToken\.secret .* guessed/,
    );
    expect(() => buildKeys([good, hmac(secret)], [REFRESH_SECRET])).toThrow(/accessToken\.secret/);
    expect(() => buildKeys([good], [secret])).toThrow(/refreshToken\.secret .* guessed/);
    expect(() => buildKeys([good], [REFRESH_SECRET, secret])).toThrow(/refreshToken\.secret/);
  });
});

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
