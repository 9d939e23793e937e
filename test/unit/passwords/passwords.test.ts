import { scryptSync, timingSafeEqual } from 'node:crypto';
import { Logger } from '@nestjs/common';
import argon2 from 'argon2';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { systemRandom } from '../../../src/runtime/random-source.js';
import { resolveAuthOptions } from '../../../src/options/auth-settings.js';
import { ARGON2_COST } from '../../../src/options/password-bounds.js';
import { usableArgon2Cost } from '../../../src/passwords/argon2-hash.js';
import type { PasswordHasher } from '../../../src/passwords/password-hasher.js';
import { Passwords } from '../../../src/passwords/passwords.js';

const SECRETS = { accessToken: { secret: 'a' }, refreshToken: { secret: 'r' } };
const PASSWORD = 'correct horse battery staple';
const LEAST = { memoryCost: 19456, timeCost: 2, parallelism: 1 };
const passwords = (earlier: PasswordHasher[] = [], parameters: Partial<typeof LEAST> = {}) =>
  new Passwords(
    { ...LEAST, ...parameters, concurrency: 2, longestQueue: 100 },
    systemRandom,
    earlier,
  );

/** A hash of an earlier system: `scrypt$salt$hash`. */
const scryptHash = (password: string, salt = 'salt') =>
  `scrypt$${salt}$${scryptSync(password, salt, 32, { N: 1024 }).toString('hex')}`;
const scryptHasher: PasswordHasher = {
  recognizes: (storedHash) => storedHash.startsWith('scrypt$'),
  async verify(storedHash, password) {
    const salt = storedHash.split('$')[1]!;
    return timingSafeEqual(Buffer.from(storedHash), Buffer.from(scryptHash(password, salt)));
  },
};

/** The parameters of each hash that argon2 verified: the amount of work, on any machine. */
function workOfArgon2() {
  const verified: string[] = [];
  jest.spyOn(argon2, 'verify').mockImplementation(async (hash) => {
    verified.push(/\$m=\d+,t=\d+,p=\d+\$/.exec(hash)![0]);
    return false;
  });
  return verified;
}

const argon2id = (m: number, t = 2, p = 1) => `$argon2id$v=19$m=${m},t=${t},p=${p}$c2FsdA$aGFzaA`;

/** The error of the trial at boot; null if there is none. */
const sentenceOf = async (some: Passwords) =>
  some.tryOut().then(
    () => null,
    (error: Error) => [error.name, error.message],
  );

describe('passwords', () => {
  let errors: unknown[];

  beforeEach(() => {
    errors = [];
    jest.spyOn(Logger.prototype, 'error').mockImplementation((line) => errors.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are hashed with argon2id, with the configured parameters and their own salt', async () => {
    const [one, other] = [await passwords().hash(PASSWORD), await passwords().hash(PASSWORD)];
    for (const hash of [one, other]) expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(one).not.toBe(other);
    expect(await passwords().check(one, PASSWORD)).toEqual({ matches: true, isOutdated: false });
    expect(await passwords().check(one, `${PASSWORD} `)).toMatchObject({ matches: false });
  });

  it('are the same in every composition of their letters', async () => {
    const password = 'Škoda Île Öl für 한국어';
    const hash = await passwords().hash(password.normalize('NFD'));
    for (const form of ['NFC', 'NFD'] as const) {
      expect((await passwords().check(hash, password.normalize(form))).matches).toBe(true);
    }
  });

  it('are not the same in another case or with other letters that look alike', async () => {
    const hash = await passwords().hash('Passphrase of mine');
    for (const other of ['passphrase of mine', 'Ｐassphrase of mine', 'Passphrase of mine ']) {
      expect((await passwords().check(hash, other)).matches).toBe(false);
    }
  });

  it('are compared to their last character, at any length', async () => {
    const long = `${'x'.repeat(1023)}y`;
    const hash = await passwords().hash(long);
    expect((await passwords().check(hash, long)).matches).toBe(true);
    expect((await passwords().check(hash, `${'x'.repeat(1023)}z`)).matches).toBe(false);
    expect((await passwords().check(hash, `${'x'.repeat(72)}`)).matches).toBe(false);
  });

  it('are compared beyond a NUL character', async () => {
    const hash = await passwords().hash('before\0after');
    expect((await passwords().check(hash, 'before\0other')).matches).toBe(false);
  });

  describe('cost the same work', () => {
    it.each<[string, string | null]>([
      ['where there is no hash', null],
      ['where the hash is empty', ''],
      ['where the hash is no hash', 'plain text'],
      [
        'where the hash would take gigabytes',
        '$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g',
      ],
      ['where nobody knows the hash', '$2b$12$abcdefghijklmnopqrstuv'],
    ])('%s', async (_what, hash) => {
      const stronger = passwords([], { timeCost: 3 });
      await stronger.decoy();
      const verified = workOfArgon2();
      expect(await stronger.check(hash, PASSWORD)).toEqual({ matches: false, isOutdated: false });
      expect(verified).toEqual(['$m=19456,t=3,p=1$']);
    });

    it('if the hasher of an earlier system fails', async () => {
      const failing = { recognizes: () => true, verify: () => Promise.reject(new Error('bad')) };
      const some = passwords([failing]);
      await some.decoy();
      const verified = workOfArgon2();
      expect(await some.check('legacy', PASSWORD)).toEqual({ matches: false, isOutdated: false });
      expect(verified).toHaveLength(1);
      expect(errors).toEqual(['A stored password hash can not be checked: bad']);
    });

    it('if the hasher of an earlier system never returns', async () => {
      const hanging = { recognizes: () => true, verify: () => new Promise<never>(() => {}) };
      const some = passwords([hanging]);
      await some.decoy();
      const verified = workOfArgon2();
      jest.useFakeTimers();
      try {
        const checks = [1, 2, 3].map(() => some.check('legacy', PASSWORD));
        // Two at a time: the third starts when the first two were given up.
        await jest.advanceTimersByTimeAsync(20_000);
        for (const check of checks) expect(await check).toMatchObject({ matches: false });
      } finally {
        jest.useRealTimers();
      }
      expect(verified).toHaveLength(3);
    });
  });

  it('make no hash that they would not check', async () => {
    const some = passwords([], { parallelism: 17 });
    await expect(some.hash(PASSWORD)).rejects.toThrow('The new hash is not within bounds');
  });

  it.each([
    ['memory', { memoryCost: ARGON2_COST.memoryCost.most }],
    ['passes', { timeCost: ARGON2_COST.timeCost.most }],
    ['lanes', { parallelism: ARGON2_COST.parallelism.most }],
  ])('check what the highest cost that boots makes: %s', async (_what, cost) => {
    const { passwords: settings } = resolveAuthOptions({ ...SECRETS, passwords: cost });
    const { memoryCost, timeCost, parallelism } = settings;
    expect(usableArgon2Cost(argon2id(memoryCost, timeCost, parallelism))).toMatchObject(cost);
    expect(memoryCost).toBeGreaterThanOrEqual(8 * parallelism);
  });

  describe('are tried out at boot:', () => {
    it('a cost that this machine can’t bear is named, and the next try may succeed', async () => {
      const failing = jest.spyOn(argon2, 'hash').mockRejectedValueOnce(new Error('no memory'));
      const some = passwords();
      expect(await sentenceOf(some)).toEqual([
        'AuthConfigurationError',
        expect.stringMatching(
          /no password can be hashed with passwords\.memoryCost 19456 \(KiB\).*: Error: no memory\./,
        ),
      ]);
      failing.mockRestore();
      expect(await sentenceOf(some)).toBe(null);
    });

    it.each<[string, Partial<PasswordHasher>, RegExp]>([
      [
        'that takes all hashes for its own',
        { recognizes: () => true, verify: async () => false },
        /passwordHashers\[1\] recognizes the hashes that this module makes, and doesn't verify/,
      ],
      [
        'that throws at hashes of others',
        {
          recognizes: () => {
            throw new Error('no bcrypt');
          },
        },
        /passwordHashers\[1\]\.recognizes\(\) threw for a hash of this module: Error: no bcrypt\. Let/,
      ],
    ])('a hasher %s is named', async (_what, hasher, sentence) => {
      const some = passwords([scryptHasher, { ...scryptHasher, ...hasher }]);
      expect(await sentenceOf(some)).toEqual([
        'AuthConfigurationError',
        expect.stringMatching(sentence),
      ]);
    });

    it('a hasher that verifies argon2 itself is taken', async () => {
      const own = {
        recognizes: () => true,
        verify: (hash: string, password: string) => argon2.verify(hash, password),
      };
      expect(await sentenceOf(passwords([own]))).toBe(null);
    });
  });

  it('never match the decoy', async () => {
    const some = passwords();
    for (const guess of ['', PASSWORD, await some.decoy()]) {
      expect((await some.check(null, guess)).matches).toBe(false);
    }
  });

  describe('with a stored hash', () => {
    it.each([
      ['of the least parameters', argon2id(19456), true],
      ['of another variant', argon2id(19456).replace('argon2id', 'argon2i'), true],
      ['that needs a gigabyte', argon2id(1024 * 1024), true],
      ['that needs more', argon2id(1024 * 1024 + 1), false],
      ['that needs four', argon2id(4 * 1024 * 1024), false],
      ['with 32 passes', argon2id(19456, 32), true],
      ['with more', argon2id(19456, 33), false],
      ['with 16 lanes', argon2id(19456, 2, 16), true],
      ['with more lanes', argon2id(19456, 2, 17), false],
      ['with numbers beyond all numbers', argon2id(Number('1e21')), false],
      ['with a negative number', argon2id(-1), false],
      ['of another kind', '$argon2x$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA', false],
      ['with something behind it', `${argon2id(19456)}\n`, false],
      ['with something in front of it', ` ${argon2id(19456)}`, false],
      ['without its hash', '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA', false],
      ['with nothing', '', false],
    ])('%s: usable is %s', (_what, hash, usable) => {
      expect(usableArgon2Cost(hash) !== null).toBe(usable);
    });

    it('that is no hash are reported to the operator, without the hash', async () => {
      await passwords().check('plain-text-password', PASSWORD);
      expect(errors).toHaveLength(1);
      expect(String(errors[0])).toMatch(/neither argon2 within bounds nor known/);
      expect(String(errors[0])).not.toContain('plain-text-password');
    });

    it.each([
      ['of fewer passes', { timeCost: 2 }, true],
      ['of less memory', { memoryCost: 8192, timeCost: 3 }, true],
      ['of the same', { timeCost: 3 }, false],
    ])('%s are outdated: %s', async (_what, parameters, isOutdated) => {
      const hash = await argon2.hash(PASSWORD, { ...LEAST, ...parameters });
      const check = await passwords([], { timeCost: 3 }).check(hash, PASSWORD);
      expect(check).toEqual({ matches: true, isOutdated });
    });

    it('of another variant are outdated', async () => {
      const hash = await argon2.hash(PASSWORD, { ...LEAST, type: argon2.argon2i });
      expect(await passwords().check(hash, PASSWORD)).toEqual({ matches: true, isOutdated: true });
    });
  });

  describe('of an earlier system', () => {
    it('match by its hasher, and are outdated', async () => {
      const some = passwords([scryptHasher]);
      const check = await some.check(scryptHash(PASSWORD), PASSWORD);
      expect(check).toEqual({ matches: true, isOutdated: true });
      expect((await some.check(scryptHash(PASSWORD), 'wrong')).matches).toBe(false);
    });

    it('are given to it as typed', async () => {
      const typed = 'Île Öl für'.normalize('NFD');
      const some = passwords([scryptHasher]);
      expect((await some.check(scryptHash(typed), typed)).matches).toBe(true);
    });

    it('don’t disturb argon2', async () => {
      const hash = await passwords().hash(PASSWORD);
      const check = await passwords([scryptHasher]).check(hash, PASSWORD);
      expect(check).toEqual({ matches: true, isOutdated: false });
    });
  });
});
