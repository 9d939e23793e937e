import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { systemRandom } from '../../../src/runtime/random-source.js';
import {
  firstSecret,
  hashSecret,
  nextSecret,
  reissuedSecret,
} from '../../../src/tokens/ratchet.js';

const RATCHET_KEY = createSecretKey(Buffer.from('a ratchet key of thirty-two byte'));
const TOKEN = { sessionId: 'session', generation: 4, secret: 'S'.repeat(43) };
const SECRET = /^[\w-]{43}$/;

describe('the ratchet', () => {
  it('starts with 256 bits from the random source', () => {
    const sizes: number[] = [];
    const bytes = (size: number) => {
      sizes.push(size);
      return Buffer.alloc(size, 0xff);
    };

    expect(firstSecret({ bytes })).toBe(`${'_'.repeat(42)}8`);
    expect(sizes).toEqual([32]);
  });

  it('starts every session with another secret', () => {
    const secrets = Array.from({ length: 100 }, () => firstSecret(systemRandom));

    expect(new Set(secrets).size).toBe(100);
    expect(secrets.every((secret) => SECRET.test(secret))).toBe(true);
  });

  it('gives the same successor to the same token every time, so that it need not be stored', () => {
    expect(nextSecret(RATCHET_KEY, TOKEN)).toMatch(SECRET);
    expect(nextSecret(RATCHET_KEY, { ...TOKEN })).toBe(nextSecret(RATCHET_KEY, TOKEN));
  });

  it('has a fixed formula for a reissue: the same request for it gets the same after an upgrade', () => {
    const reissued = { sessionId: 'session', generation: 1_048_576, passwordHash: '$argon2id$' };
    expect(reissuedSecret(RATCHET_KEY, reissued)).toBe(
      '8RkYgDm3LRgPV6-mfK4Bin4qQWO6mVX2wPRDGX6Jq8M',
    );
  });

  it('has a fixed formula: a change would sign out every session replayed across an upgrade', () => {
    expect(nextSecret(RATCHET_KEY, TOKEN)).toBe('fKAMTXXyv9pJ_lERpkno1Un2Aj2d94DyOFF_Ssotwp4');
    expect(hashSecret(TOKEN.secret)).toBe(
      'b0679324228c35931acdfa8a487f94873c05094138a477994a5bdba6d6c24a56',
    );
  });

  it.each([
    { name: 'session', token: { ...TOKEN, sessionId: 'another' } },
    { name: 'generation', token: { ...TOKEN, generation: 5 } },
    { name: 'secret', token: { ...TOKEN, secret: 'T'.repeat(43) } },
  ])('gives another successor to another $name', ({ token }) => {
    expect(nextSecret(RATCHET_KEY, token)).not.toBe(nextSecret(RATCHET_KEY, TOKEN));
  });

  it('gives another successor under another key, so a stolen token alone reveals nothing about the next', () => {
    const anotherKey = createSecretKey(Buffer.alloc(32, 1));

    expect(nextSecret(anotherKey, TOKEN)).not.toBe(nextSecret(RATCHET_KEY, TOKEN));
  });

  it('never repeats in a thousand rotations', () => {
    const secrets = new Set<string>();
    let { secret } = TOKEN;
    for (let generation = 0; generation < 1000; generation += 1) {
      secrets.add(secret);
      secret = nextSecret(RATCHET_KEY, { ...TOKEN, generation, secret });
    }

    expect(secrets.size).toBe(1000);
  });
});
