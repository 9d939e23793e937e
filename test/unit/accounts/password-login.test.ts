import { Logger } from '@nestjs/common';
import argon2 from 'argon2';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { isName, requireTexts, setterOf } from '../../../src/accounts/password-login.js';
import type { DirectoryUser } from '../../../src/users/user-directory.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, codeOf, refusedWith, hashOf, refusalOf, Users } from '../in-memory-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const WRONG = 'a wrong horse battery staple';
const NEW = 'another horse battery staple';
const BAD = {
  code: 'invalid_credentials',
  sessionEnded: false,
  message: 'The username or the password is wrong.',
};

const right = { username: 'ada', password: PASSWORD };
const wrong = { username: 'ada', password: WRONG };

/** Returns the user unchanged for the login, and changed afterwards. */
const between = (first: DirectoryUser, second: DirectoryUser | null) => ({
  findByLogin: async () => first,
  findById: async () => second,
});

/** A hash that is cheaper to attack than the current settings allow. */
const weak = () => hashOf(PASSWORD, { memoryCost: 512 });
const given = (users: Users) => inMemoryApp({ users });

describe('passwords:', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  describe('a login fails, without a reason,', () => {
    it.each([
      ['for a wrong password', wrong, {}, '1'],
      ['for an unknown user', { ...right, username: 'eve' }, {}, null],
      ['for a disabled user', right, { disabled: true }, '1'],
      ['for a user without a password', right, { passwordHash: null }, '1'],
    ])('%s', async (_what, credentials, change, userId) => {
      const app = inMemoryApp();
      await app.userDirectory.add('ada', change);
      expect(await refusedWith(app.auth.login(credentials, PHONE))).toEqual(BAD);
      const { username } = credentials;
      expect(app.takeEvents()).toEqual([{ type: 'login_failed', username, userId, ...PHONE }]);
      expect(await app.auth.listSessions('1')).toEqual([]);
    });
  });

  describe('an invalid input is refused', () => {
    it.each<[string, Record<string, unknown>, RegExp]>([
      ['an empty name', { username: '' }, /^username: must be a text of 1 to 255 characters$/],
      ['a name that no route takes', { username: 'a'.repeat(256) }, /^username: .* 1 to 255 /],
      ['an empty password', { password: '' }, /^password: must be a text/],
      ['an object', { password: { $ne: null } }, /^password/],
      ['nothing', { password: undefined }, /^password/],
      ['a name of blanks', { username: '  ' }, /^username/],
      ['a name with a NUL', { username: 'a\0b' }, /^username/],
      ['a half of a pair', { password: 'x\ud800y' }, /^password/],
      ['more than anybody types', { password: 'x'.repeat(1025) }, /^password/],
    ])('%s', (_what, fields, sentence) => {
      expect(() => requireTexts(fields)).toThrow(
        expect.objectContaining({
          code: 'invalid_request',
          message: expect.stringMatching(sentence),
        }),
      );
    });

    it('but not the longest allowed, nor a password of blanks and controls', () => {
      for (const password of ['x'.repeat(1024), ' \t ']) {
        expect(() => requireTexts({ password })).not.toThrow();
      }
    });

    it.each([
      ['ada', true],
      ['ada lovelace', true],
      [' ada', true],
      ['Zoë 🦊', true],
      ['', false],
      [' \t', false],
      ['a\nb', false],
      ['a\u007fb', false],
      ['a\udc00', false],
    ])('as a name: %j is valid: %s', (text, fits) => {
      expect(isName(text)).toBe(fits);
    });

    it('before any query, when it comes from a script and not from the controller', async () => {
      const app = inMemoryApp();
      const { code } = await refusalOf(app.auth.login({ username: '', password: '' }));
      expect(code).toBe('invalid_request');
      expect(app.takeEvents()).toMatchObject([
        { type: 'refused', code, where: 'login', username: null },
      ]);
    });
  });

  it.each([
    ['an unknown device', false],
    ['a known one, before all unknown ones', true],
  ])('a password from %s waits its turn', async (_what, isKnown) => {
    const app = inMemoryApp();
    const { token } = await app.loggedIn();
    const check = jest.spyOn(app.passwords, 'check');
    await app.auth.login(right, PHONE, isKnown ? [token] : []);
    expect(check.mock.calls.map(([, , turn]) => turn)).toEqual([{ from: PHONE.ip, isKnown }]);
  });

  it('a successful login costs one check of the password', async () => {
    const app = inMemoryApp();
    await app.userDirectory.add('ada');
    const check = jest.spyOn(app.passwords, 'check');
    await app.auth.login(right, PHONE);
    expect(check).toHaveBeenCalledTimes(1);
  });

  describe('the password changes between the check and the start of the session', () => {
    it.each<[string, (user: DirectoryUser) => Promise<DirectoryUser | null>]>([
      ['to another', async (user) => ({ ...user, passwordHash: await hashOf(NEW) })],
      ['to none', async (user) => ({ ...user, passwordHash: null })],
      ['with the user’s disabling', async (user) => ({ ...user, disabled: true })],
      ['with the user’s end', async () => null],
    ])('%s: no session remains', async (_what, change) => {
      const user = { id: '7', passwordHash: await hashOf(PASSWORD) };
      const app = inMemoryApp({ users: between(user, await change(user)) });
      expect(await refusedWith(app.auth.login(right, PHONE))).toEqual(BAD);
      expect(app.takeEvents()).toMatchObject([
        { type: 'login_failed', username: right.username, userId: '7', ...PHONE },
        { type: 'session_revoked', reason: 'revoked' },
      ]);
      expect(await app.auth.listSessions('7')).toEqual([]);
    });

    it('to the same, rehashed, as a simultaneous login may do: both succeed', async () => {
      const user = { id: '7', passwordHash: await hashOf(PASSWORD) };
      const rehashed = { ...user, passwordHash: await hashOf(PASSWORD) };
      const app = inMemoryApp({ users: between(user, rehashed) });
      expect(await codeOf(app.auth.login(right, PHONE))).toBe('in');
    });
  });

  it('is set by one session, or by the app for one user', () => {
    const setters = [
      setterOf('1', null),
      setterOf('2', null),
      setterOf('3', '1'),
      setterOf('3', '2'),
      setterOf('4', 'null'),
    ];
    expect(new Set(setters).size).toBe(setters.length);
  });

  describe('a hash that is weaker than the current settings', () => {
    it('is kept where the new one would be refused at the next login', async () => {
      const warned = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      const app = inMemoryApp();
      const passwordHash = await weak();
      const id = await app.userDirectory.add('ada', { passwordHash });
      const unusable = passwordHash.replace('p=1', 'p=17');
      await app.passwords.decoy();
      jest.spyOn(argon2, 'hash').mockResolvedValue(unusable as never);
      await app.auth.login(right, PHONE);
      expect(app.userDirectory.byId.get(id)!.passwordHash).toBe(passwordHash);
      expect(warned.mock.calls).toEqual([
        [expect.stringMatching(/^The password of user 1 could not be rehashed: .*within bounds/)],
      ]);
    });

    it('is replaced at the login, over the hash that was checked', async () => {
      const passwordHash = await weak();
      const users = new Users();
      await users.add('ada', { passwordHash });
      const update = jest.spyOn(users, 'updatePasswordHash');
      await given(users).auth.login(right);
      expect(update.mock.calls).toEqual([['1', expect.stringContaining('m=1024'), passwordHash]]);
      await given(users).auth.login(right);
      expect(update).toHaveBeenCalledTimes(1);
    });

    it.each([
      ['another', (passwordHash: string) => ({ id: '7', passwordHash })],
      ['gone with the user', () => null],
    ])('stays, when it is %s by then', async (_what, changed) => {
      const user = { id: '7', passwordHash: await weak() };
      const now = changed(await hashOf(NEW));
      const updatePasswordHash = jest.fn(async () => {});
      const users = {
        findByLogin: async () => user,
        findById: async () => now,
        updatePasswordHash,
      };
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      await refusalOf(inMemoryApp({ users }).auth.login(right));
      expect(updatePasswordHash).not.toHaveBeenCalled();
      expect(warn).not.toHaveBeenCalled();
    });

    it('stays, where the directory can’t write', async () => {
      const user = { id: '7', passwordHash: await weak() };
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      const app = inMemoryApp({
        users: { findByLogin: async () => user, findById: async () => user },
      });
      expect(await codeOf(app.auth.login(right))).toBe('in');
      expect(warn).not.toHaveBeenCalled();
    });

    it('keeps nobody out if it can’t be replaced now', async () => {
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      const users = new Users();
      await users.add('ada', { passwordHash: await weak() });
      users.updatePasswordHash = async () => Promise.reject(new Error('read-only'));
      expect(await codeOf(given(users).auth.login(right))).toBe('in');
      expect(warn.mock.calls).toEqual([
        [expect.stringMatching(/^The password of user 1 could not be rehashed: .*does not answer/)],
      ]);
      expect(warn.mock.contexts).toMatchObject([{ context: 'AuthModule' }]);
    });
  });
});
