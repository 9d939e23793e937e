import { describe, expect, it } from '@jest/globals';
import type { DirectoryUser } from '../../../src/users/user-directory.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, claimsOf, codeOf, refusedWith, hashOf, Users } from '../in-memory-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const right = { username: 'ada', password: PASSWORD };
const change = { currentPassword: PASSWORD, newPassword: 'another horse battery staple' };

describe('a user who may not have a session', () => {
  it('gets none in any way', async () => {
    const app = inMemoryApp();
    const { token } = await app.loggedIn();
    app.userDirectory.change('1', { disabled: true });
    expect([
      await codeOf(app.auth.login(right, PHONE)),
      await codeOf(app.auth.loginAs('1', PHONE)),
      await codeOf(app.auth.changePassword('1', change)),
      await codeOf(app.auth.refresh(token)),
    ]).toEqual(['invalid_credentials', 'session_revoked', 'session_revoked', 'session_revoked']);
    expect(await app.auth.listSessions('1')).toEqual([]);
  });

  it('gets none by registering: the user exists, waits, and later logs in', async () => {
    const users = new Users();
    const create = users.create.bind(users);
    users.create = async (user) => {
      const created = (await create(user))!;
      users.change(String(created.id), { disabled: true });
      return users.byId.get(String(created.id))!;
    };
    const app = inMemoryApp({ users });
    expect(await refusedWith(app.auth.register(right, PHONE))).toEqual({
      code: 'invalid_credentials',
      sessionEnded: false,
      message: 'The username or the password is wrong.',
    });
    expect(await app.auth.listSessions('1')).toEqual([]);
    expect(app.takeEvents()).toEqual([
      { type: 'login_failed', username: 'ada', userId: '1', ...PHONE },
    ]);
    users.change('1', { disabled: false });
    expect(await codeOf(app.auth.login(right, PHONE))).toBe('in');
  });

  it.each<[string, (user: DirectoryUser) => Promise<DirectoryUser | null>, string]>([
    ['disabled', async (user) => ({ ...user, disabled: true }), 'invalid_credentials'],
    ['gone', async () => null, 'store_unavailable'],
    [
      'one who was there before, of another password',
      async (user) => ({ ...user, passwordHash: await hashOf('the password of somebody else') }),
      'username_taken',
    ],
  ])('gets none by registering if afterwards the user is %s', async (_what, later, code) => {
    const user = { id: '7', passwordHash: await hashOf(PASSWORD) };
    const users = {
      findByLogin: async () => null,
      create: async () => user,
      findById: async () => later(user),
    };
    const app = inMemoryApp({ users });
    expect(await codeOf(app.auth.register(right, PHONE))).toBe(code);
    expect(await app.auth.listSessions('7')).toEqual([]);
    expect(app.takeEvents()).not.toContainEqual(expect.objectContaining({ type: 'registered' }));
  });

  it.each<[string, (user: DirectoryUser) => DirectoryUser | null]>([
    ['disabled', (user) => ({ ...user, disabled: true })],
    ['gone', () => null],
  ])('gets none if the app’s own login is done and the user then %s', async (_what, later) => {
    const user = { id: '7', passwordHash: null };
    const states = [user, later(user)];
    const users = { findByLogin: async () => null, findById: async () => states.shift() ?? null };
    const app = inMemoryApp({ users });
    expect(await refusedWith(app.auth.loginAs('7', PHONE))).toMatchObject({
      code: 'session_revoked',
      message: 'The user is gone or disabled.',
    });
    expect(await app.auth.listSessions('7')).toEqual([]);
  });

  it('keeps the id of the login, whatever case the directory writes later', async () => {
    const upper = { id: 'AB12'.repeat(8), passwordHash: await hashOf(PASSWORD) };
    const app = inMemoryApp({
      users: {
        findByLogin: async () => upper,
        findById: async () => ({ ...upper, id: upper.id.toLowerCase() }),
      },
    });
    const issued = await app.auth.login(right);
    const { accessToken } = await app.auth.refresh(issued.refreshToken!.token);
    expect(claimsOf(accessToken).sub).toBe(upper.id);
    expect(await app.auth.logoutAll(String(claimsOf(accessToken).sub))).toBe(1);
  });

  it('is not confused with others: a directory that swaps ids gets no session started', async () => {
    const swapped = { id: '8', passwordHash: await hashOf(PASSWORD) };
    const app = inMemoryApp({
      users: { findByLogin: async () => swapped, findById: async () => ({ ...swapped, id: '9' }) },
    });
    expect(await codeOf(app.auth.login(right))).toBe('store_unavailable');
    expect(await codeOf(app.auth.loginAs('8'))).toBe('store_unavailable');
    expect(await app.auth.listSessions('8')).toEqual([]);
    expect(await app.auth.listSessions('9')).toEqual([]);
  });
});
