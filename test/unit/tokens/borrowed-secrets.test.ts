import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { weaknessOf } from '../../../src/tokens/secret-weakness.js';

const judged = (secret: string) => weaknessOf(Buffer.from(secret), 'HS256', 32);

/** Bytes that look random and are the same each time. */
const randomLike = (seed: number, length: number) =>
  createHash('sha512').update(`borrowed/${seed}`).digest().subarray(0, length);

describe('a secret that looks random but had another purpose before is refused:', () => {
  it.each<[string, string[], RegExp]>([
    [
      'a hash of a word as a shell gives it, of another kind, of a hash, or two of them',
      [
        hashed('sha256', 'secret\n', 'hex'),
        hashed('sha256', 'password\r\n', 'base64'),
        hashed('sha384', 'secret\n', 'base64'),
        hashed('sha512', 'changeme\n', 'hex'),
        hashed('sha3-256', 'secret', 'hex'),
        hashed('sha3-512', 'secret', 'hex'),
        hashed('sha512-256', 'secret', 'hex'),
        hashed('sha256', hashed('sha256', 'secret', 'hex'), 'hex'),
        hashed('sha256', md5('password'), 'hex'),
        hashed('sha512', hashed('sha512', 'admin', 'hex'), 'hex'),
        md5('secret') + md5('password'),
        md5('secret') + md5('secret2'),
        sha1('secret') + sha1('password'),
        sha1('secret') + sha1('password').slice(0, 24),
        hashed('sha256', 'access', 'hex') + hashed('sha256', 'refresh', 'hex'),
        hashed('sha256', 'access-token-secret', 'hex'),
        hashed('sha256', 'refresh_token_secret', 'hex'),
        hashed('sha256', 'SuperSecret123', 'hex'),
        hashed('sha256', 'secret2024', 'hex'),
      ],
      /hash of a word/,
    ],
    [
      'a key of a service, or the hash of a password, by how it begins and how long it is',
      [
        `ghp_${lettersAndDigits(36)}`,
        `whsec_${randomLike(3, 24).toString('base64')}`,
        `AIzaSy${lettersAndDigits(33)}`,
        `xo${''}xb-123456789012-1234567890123-${lettersAndDigits(24)}`,
        `sk-${lettersAndDigits(48)}`,
        `sk-proj-${lettersAndDigits(40)}`,
        `sk-ant-api03-${lettersAndDigits(40)}`,
        `AKIA${'Q7'.repeat(8)}/${lettersAndDigits(40)}`,
        `npm_${lettersAndDigits(36)}`,
        `glpat-${lettersAndDigits(20)}-${lettersAndDigits(10)}`,
        `hf_${lettersAndDigits(34)}`,
        `SG.${lettersAndDigits(22)}.${lettersAndDigits(43)}`,
        '$2b$10$N9qo8uLOickgx2ZMRZoMyeIjZAgcfl7p92ldGxad68LJZdL17lhWy',
        '$argon2id$v=19$m=65536,t=3,p=4$c29tZXNhbHQ$RdescudvJCsgt3ub+b4dWRWJTmaaJObG',
        `dop_v1_${randomLike(4, 32).toString('hex')}`,
      ],
      /token or a key/,
    ],
    [
      'a command, or where a secret is',
      [
        'openssl rand -base64 48 | tr -d "\\n"',
        '$(openssl rand -hex 32)xxxxxxxxxxxxxx',
        "node -e \"console.log(require('crypto').randomBytes(48).toString('base64'))\"",
        'head -c 48 /dev/urandom | base64 -w 0',
        '${ACCESS_TOKEN_SECRET:-generate-Me-please}',
        '{{ .Values.accessTokenSecret | b64enc }}',
        'op://Private/nest-app/Access-token-secret-7',
        'vault:secret/data/App7#ACCESS_TOKEN_SECRET',
        'arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod/jwt-AbCdEf',
        'projects/123456789/secrets/jwt-Access/versions/latest',
        '@Microsoft.KeyVault(SecretUri=https://myvault.vault.azure.net/secrets/jwt)',
        '/run/secrets/ACCESS_TOKEN_SECRET_FILE_1',
        'postgres://user:Xk9mPvL5nQ8wR3tY6uI1oA@localhost:5432/db',
      ],
      /command or names a place/,
    ],
  ])('%s', (_what, secrets, sentence) => {
    const passing = secrets.filter((secret) => judged(secret) === null);
    expect(passing).toEqual([]);
    for (const secret of secrets) expect(judged(secret)).toMatch(sentence);
  });
});

/** Letters and digits that look random. */
function lettersAndDigits(length: number): string {
  return randomLike(length, 64)
    .toString('base64')
    .replaceAll(/[^A-Za-z0-9]/g, '')
    .slice(0, length);
}
function hashed(algorithm: string, text: string, encoding: 'hex' | 'base64'): string {
  return createHash(algorithm).update(text).digest(encoding);
}
function md5(text: string): string {
  return hashed('md5', text, 'hex');
}
function sha1(text: string): string {
  return hashed('sha1', text, 'hex');
}
