import * as crypto from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  AuthModule,
  breachedPasswords,
  CLOCK,
  LIMITER_FACTORY,
  RANDOM_SOURCE,
  REFRESH_TOKEN_STORE,
  TypeOrmRefreshTokenStore,
  USER_DIRECTORY,
} from 'nestjs-refresh-auth';
import {
  FakeClock,
  MemoryRefreshTokenStore,
  MemoryUserDirectory,
} from 'nestjs-refresh-auth/testing';
import { refusal, withOptions } from '../harness/boot-with-options.js';

class BcryptHasher {
  recognizes(): boolean {
    return false;
  }

  async verify(): Promise<boolean> {
    return false;
  }
}

const bcryptHasher = () => new BcryptHasher();
const redisLimiter = () => () => new BcryptHasher();

const fail = () => {
  throw new Error('not ready');
};

const INSTANCE = ': pass an instance of the class.';
const RESULT = ': pass what the function returns, if it makes one.';

describe('the sentence that stops the boot says what to do about', () => {
  it.each<[string, object, string, string]>([
    [
      'a check that was not made',
      { isBreached: breachedPasswords },
      'isBreached must be a function, (password) => a promise of true or false, and breachedPasswords makes one',
      ': call it, breachedPasswords().',
    ],
    ['a class of users', { users: MemoryUserDirectory }, 'users has no findByLogin()', INSTANCE],
    [
      'a function that makes users',
      { users: () => new MemoryUserDirectory() },
      'users has no findByLogin() and findById()',
      RESULT,
    ],
    ['a class of stores', { store: TypeOrmRefreshTokenStore }, 'store has no insert()', INSTANCE],
    [
      'a function that makes a store',
      { store: async () => new MemoryRefreshTokenStore() },
      'store has no insert()',
      RESULT,
    ],
    [
      'a class of hashers',
      { passwordHashers: [new BcryptHasher(), BcryptHasher] },
      'passwordHashers[1] has no recognizes() and verify()',
      INSTANCE,
    ],
    [
      'a function that makes a hasher',
      { passwordHashers: [bcryptHasher] },
      'passwordHashers[0] has no recognizes() and verify()',
      RESULT,
    ],
    [
      'a function that makes hashers',
      { passwordHashers: () => [bcryptHasher()] },
      'passwordHashers must be a list of PasswordHashers, not a function',
      '.',
    ],
    ['a class of clocks', { clock: FakeClock }, 'clock has no now()', INSTANCE],
    [
      'a function that makes a clock',
      { clock: () => new FakeClock() },
      'clock has no now()',
      RESULT,
    ],
    [
      'a module in place of a source',
      { random: crypto },
      'random has no bytes()',
      ': pass a RandomSource.',
    ],
    [
      'a class of sources',
      {
        random: class {
          seed = 1;
        },
      },
      'random has no bytes()',
      INSTANCE,
    ],
    [
      'a class of listeners',
      { events: BcryptHasher },
      'events must be a function, (event) => …, not a class',
      ': pass a method of an instance of it.',
    ],
    [
      'a function that makes options',
      { cookies: () => ({}) },
      'cookies must be an object',
      'not a function.',
    ],
    [
      'a function that makes origins',
      { allowedOrigins: () => [] },
      'allowedOrigins must be a list of origins',
      'not a function.',
    ],
    [
      'a function that reads a secret',
      { accessToken: { secret: () => 'secret' } },
      'accessToken.secret must be a text, bytes, { base64 } or a JWK',
      'not a function.',
    ],
    [
      'a function of a duration',
      { purge: { interval: () => '1m' } },
      'purge.interval must be',
      'not a function.',
    ],
  ])('%s', async (_what, options, start, end) => {
    const all = withOptions(options);
    const useFactory = () => all;
    for (const auth of [
      () => AuthModule.forRoot(all),
      () => AuthModule.forRootAsync({ useFactory }),
    ]) {
      const sentence = await refusal(auth);
      expect([sentence.slice(0, start.length), sentence.slice(-end.length)]).toEqual([start, end]);
    }
  });

  it.each<[string, string, unknown, string]>([
    [
      'users',
      USER_DIRECTORY,
      MemoryUserDirectory,
      `users has no findByLogin() and findById()${INSTANCE}`,
    ],
    ['a store', REFRESH_TOKEN_STORE, () => new MemoryRefreshTokenStore(), RESULT],
    ['a clock', CLOCK, FakeClock, `clock has no now()${INSTANCE}`],
    ['a random source', RANDOM_SOURCE, crypto, 'random has no bytes(): pass a RandomSource'],
    [
      'a limiter',
      LIMITER_FACTORY,
      BcryptHasher,
      'limiter must be a function, (thing, limit) => a lim',
    ],
    [
      'a limiter that was not made',
      LIMITER_FACTORY,
      redisLimiter,
      'limiter returned a function for "name", without consume(), reward(), set(), delete(): let it',
    ],
    [
      'a limiter with half of the methods',
      LIMITER_FACTORY,
      () => ({ consume() {}, delete() {} }),
      'limiter returned an object for "name", without reward(), set(): let it return a limiter of',
    ],
  ])('%s under a token', async (_what, provide, useValue, sentence) => {
    const options = withOptions({ extraProviders: [{ provide, useValue }] });
    expect(await refusal(() => AuthModule.forRoot(options))).toContain(sentence);
  });
});

describe('options of a class are refused', () => {
  it.each<[string, object, string]>([
    [
      'with a misspelt getter',
      new (class {
        get maxSessionPerUser() {
          return 3;
        }
      })(),
      'maxSessionPerUser is not an option. Did you mean maxSessionsPerUser?',
    ],
    [
      'with a field that is its own',
      new (class {
        readonly config = {};
      })(),
      'config is not an option. Known here: users, accessToken, refreshToken,',
    ],
    [
      'with a getter that throws',
      new (class {
        get issuer(): string {
          throw new Error('ISSUER is not set');
        }
      })(),
      "issuer can't be read: Error: ISSUER is not set.",
    ],
  ])('%s', async (_what, options, sentence) => {
    const all = Object.assign(options, withOptions({})) as ReturnType<typeof withOptions>;
    expect(await refusal(() => AuthModule.forRoot(all))).toContain(sentence);
    const useFactory = () => all;
    expect(await refusal(() => AuthModule.forRootAsync({ useFactory }))).toContain(sentence);
  });

  it('as a proxy that throws whenever it is looked at', async () => {
    const hostile = new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail });
    const options = hostile as ReturnType<typeof withOptions>;
    const sentence = "the options can't be read: Error: not ready.";
    expect(await refusal(() => AuthModule.forRoot(options))).toBe(sentence);
    expect(await refusal(() => AuthModule.forRootAsync(hostile))).toBe(sentence);
  });
});
