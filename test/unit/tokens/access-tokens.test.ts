import { describe, expect, it } from '@jest/globals';
import { systemRandom } from '../../../src/runtime/random-source.js';
import { AccessTokens } from '../../../src/tokens/access-tokens.js';
import { jwtParts } from '../../security/jwt-parts.js';
import { ecKeyPair, hmacKey, signerOf } from './test-keys.js';

describe('an access token', () => {
  const NOW = Date.parse('2030-01-01T00:00:00.999Z');
  const seconds = Math.floor(NOW / 1000);
  const settings = {
    issuer: 'me',
    accessAudience: 'api',
    clientId: 'web',
    accessLifetimeMs: 900_500,
    longest: 500,
  };
  const tokens = (change: Partial<typeof settings> = {}) =>
    new AccessTokens(signerOf(hmacKey), systemRandom, { ...settings, ...change });
  const subject = { userId: '7', sessionId: 's', claims: {} };
  const LATER = NOW + 3_600_000;

  it('has the claims that RFC 9068 requires, and a unique id', async () => {
    const { token, expiresIn } = await tokens().sign(subject, NOW, LATER);
    expect(expiresIn).toBe(900);
    expect(jwtParts(token).claims).toEqual({
      iss: 'me',
      aud: 'api',
      sub: '7',
      client_id: 'web',
      sid: 's',
      jti: expect.stringMatching(/^[\w-]{22}$/),
      iat: seconds,
      exp: seconds + 900,
    });
    const { token: another } = await tokens().sign(subject, NOW, LATER);
    expect(jwtParts(another).claims.jti).not.toBe(jwtParts(token).claims.jti);
  });

  it('never outlives its session', async () => {
    const { token, expiresIn, expiresAt } = await tokens().sign(subject, NOW, NOW + 60_500);
    expect(expiresAt).toBe((seconds + 61) * 1000);
    expect(expiresIn).toBe(61);
    expect(jwtParts(token).claims.exp).toBe(seconds + 61);
  });

  it('carries the app’s claims, which can’t replace the module’s', async () => {
    const own = { roles: ['admin'], sub: 'mallory', client_id: 'x', exp: 9e9, iss: 'x', nbf: 9e9 };
    const { token } = await tokens().sign({ ...subject, claims: own }, NOW, LATER);
    const { claims: signed } = jwtParts(token);
    expect(signed).toMatchObject({ roles: ['admin'], sub: '7', exp: seconds + 900, iss: 'me' });
    expect(signed.client_id).toBe('web');
    expect(signed).not.toHaveProperty('nbf');
  });

  it('that is too long to carry is refused when it is signed', async () => {
    const { length } = (await tokens().sign(subject, NOW, LATER)).token;
    const within = (longest: number) => tokens({ longest }).sign(subject, NOW, LATER);
    await expect(within(length)).resolves.toBeDefined();
    await expect(within(length - 1)).rejects.toMatchObject({
      code: 'misconfigured',
      message: `The access token has ${length} characters, ${length - 1} are the most that can be carried: put fewer or shorter claims into it.`,
    });
  });

  it('with a claim that no token can have is refused with the reason', async () => {
    const refused = tokens().sign({ ...subject, claims: { balance: 7n } }, NOW, LATER);
    await expect(refused).rejects.toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('"balance"'),
      cause: expect.objectContaining({ message: expect.stringContaining('"balance"') }),
    });
  });

  it('is signed elsewhere if its first key is kept there', () => {
    const elsewhere = {
      algorithm: 'ES256',
      publicKey: ecKeyPair.publicKey,
      sign: async () => Buffer.alloc(64),
    } as const;
    const signers = [signerOf(hmacKey), signerOf(elsewhere, hmacKey), signerOf(hmacKey, elsewhere)];
    expect(
      signers.map((one) => new AccessTokens(one, systemRandom, settings).areSignedElsewhere),
    ).toEqual([false, true, false]);
  });
});
