import { beforeEach, describe, expect, it } from '@jest/globals';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import type { RefreshTokenKey } from '../../../src/tokens/keys.js';
import { hashSecret, nextSecret as derivedSecret } from '../../../src/tokens/ratchet.js';
import {
  refreshExpired,
  RefreshTokens,
  type PresentedRefreshToken,
} from '../../../src/tokens/refresh-tokens.js';
import { TokenSigner } from '../../../src/tokens/token-signer.js';
import { ACCESS_SECRET } from '../../harness/test-secrets.js';
import { jwtParts, signedRightly } from '../../security/jwt-parts.js';
import { hmacKey, keysOf } from './test-keys.js';

describe('a refresh token', () => {
  const clock = new FakeClock();
  const settings = { issuer: 'me', refreshAudience: 'api/refresh', leewayMs: 30_000 };
  let keys: ReturnType<typeof keysOf>['refresh'];
  let signer: TokenSigner<RefreshTokenKey>;
  let tokens: RefreshTokens;
  let token: string;
  const now = clock.now();
  const content = {
    sessionId: 's',
    userId: '7',
    generation: 3,
    secret: 'S'.repeat(43),
    issuedAt: now,
    expiresAt: 1_893_500_000_000,
    absoluteExpiresAt: 1_893_600_000_000,
  };

  beforeEach(() => {
    keys = keysOf(hmacKey).refresh;
    signer = new TokenSigner('rt+jwt', keys);
    tokens = new RefreshTokens(signer, clock, settings);
    token = tokens.sign(content);
  });

  const acceptedAt = (ms: number) => {
    const later = new RefreshTokens(signer, new FakeClock(ms), settings);
    return () => later.accept(token);
  };

  it('with the same content is the same, byte for byte, and contains it in claims', () => {
    expect(tokens.sign({ ...content })).toBe(token);
    expect(jwtParts(token)).toMatchObject({
      header: { alg: 'HS256', typ: 'rt+jwt' },
      claims: {
        iss: 'me',
        aud: 'api/refresh',
        sub: '7',
        sid: 's',
        gen: 3,
        jti: content.secret,
        iat: Math.floor(now / 1000),
        exp: 1_893_500_000,
        abs: 1_893_600_000,
      },
    });
  });

  it('is read as it was written', () => {
    const { issuedAt: _, ...parts } = content;
    const nextSecret = derivedSecret(keys[0].ratchetKey, parts);
    expect(tokens.read(token)).toEqual({
      ...parts,
      tokenHash: hashSecret(parts.secret),
      nextSecret,
      nextTokenHash: hashSecret(nextSecret),
    });
  });

  it.each<[string, object]>([
    ['another issuer', { iss: 'you' }],
    ['an access token’s audience', { aud: 'api' }],
    ['a generation below 0', { gen: -1 }],
    ['half a generation', { gen: 0.5 }],
    ['no generation', { gen: undefined }],
    ['no absolute end', { abs: undefined }],
    ['an absolute end in words', { abs: '1' }],
    ['a short secret', { jti: 'S'.repeat(42) }],
    ['a long secret', { jti: 'S'.repeat(44) }],
    ['a secret with a line break', { jti: `${'S'.repeat(43)}\n` }],
    ['a secret of other letters', { jti: '!'.repeat(43) }],
    ['a secret in a list', { jti: ['S'.repeat(43)] }],
  ])('is not genuine with %s, although the signature is', (_what, change) => {
    const claims = { ...jwtParts(token).claims, ...change };
    expect(tokens.read(signer.signHere(claims))).toBeNull();
    expect(() => tokens.acceptPayload(claims, keys[0])).toThrow(
      expect.objectContaining({ code: 'refresh_invalid' }),
    );
  });

  it('of the first generation, and from the beginning of time, is genuine', () => {
    const first = { ...jwtParts(token).claims, gen: 0, iat: 0 };
    expect(tokens.read(signer.signHere(first))).toMatchObject({ generation: 0 });
  });

  it('has one successor, made of what the row says', () => {
    const { nextSecret: secret, ...presented } = tokens.read(token)!;
    const times = { issuedAt: now + 5000, expiresAt: content.expiresAt + 5000 };
    expect(
      tokens.signSuccessor(
        { ...presented, nextSecret: secret },
        { rotatedAt: times.issuedAt, expiresAt: times.expiresAt },
      ),
    ).toBe(tokens.sign({ ...content, ...times, generation: 4, secret }));
    expect(tokens.key).toBe(keys[0]);
  });

  it('is not genuine as an access token, or as a text', () => {
    expect(tokens.read('x')).toBeNull();
    expect(() => tokens.accept('x')).toThrow('The refresh token is not valid. Log in again.');
    expect(tokens.read(signedRightly(token, ACCESS_SECRET))).toBeNull();
  });

  it('is read whenever it was issued: an instance whose clock was ahead may have written it', () => {
    const iat = 99_999_999_999;
    const signed = signer.signHere({ ...jwtParts(token).claims, iat });
    expect(tokens.accept(signed)).toMatchObject({ sessionId: 's' });
  });

  it('is worth a store query until a leeway after the absolute expiry', () => {
    const end = content.absoluteExpiresAt + 30_000;
    expect(acceptedAt(content.expiresAt + 1)()).toMatchObject({ sessionId: 's' });
    expect(acceptedAt(end - 1)()).toMatchObject({ sessionId: 's' });
    expect(acceptedAt(end)).toThrow(
      expect.objectContaining({
        code: 'refresh_expired',
        message: 'The session has expired. Log in again.',
        sessionEnded: true,
        subject: { userId: '7', sessionId: 's' },
      }),
    );
    expect(refreshExpired().subject).toBeUndefined();
  });

  it('is accepted once, by its text or payload, and afterwards by the result of that', () => {
    for (const accepted of [
      tokens.accept(token),
      tokens.acceptPayload(jwtParts(token).claims, keys[0]),
    ]) {
      expect(accepted).toEqual(tokens.read(token));
      expect(tokens.accept(accepted)).toBe(accepted);
    }
  });

  it('is no object that has the same fields, was only read, or was accepted by another app', () => {
    const accepted = tokens.accept(token);
    const another = new RefreshTokens(signer, clock, settings);
    for (const no of [
      'x',
      null,
      undefined,
      7,
      { ...accepted },
      Object.create(accepted) as object,
      tokens.read(token),
      another.accept(token),
    ]) {
      expect(() => tokens.accept(no as PresentedRefreshToken)).toThrow(
        expect.objectContaining({ code: 'refresh_invalid', sessionEnded: false }),
      );
    }
  });
});
