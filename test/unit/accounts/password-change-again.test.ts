import { describe, expect, it } from '@jest/globals';
import type { Rotation } from '../../../src/sessions/refresh-token-store.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, codeOf, refusedWith, hashOf, Users } from '../in-memory-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const WRONG = 'a wrong horse battery staple';
const NEW = 'another horse battery staple';
const right = { username: 'ada', password: PASSWORD };
const change = { currentPassword: PASSWORD, newPassword: NEW };

/** A store that fails from a chosen moment on. */
class Failing extends MemoryRefreshTokenStore {
  failsAt: 'rotate' | 'revoke' | null = null;
  /** Whether the failing write happened all the same, and only its response got lost. */
  isResponseLost = false;

  override async rotate(rotation: Rotation) {
    return this.#failing('rotate', () => super.rotate(rotation));
  }

  override async revoke(...given: Parameters<MemoryRefreshTokenStore['revoke']>) {
    return this.#failing('revoke', () => super.revoke(...given));
  }

  async #failing<T>(method: string, work: () => Promise<T>): Promise<T> {
    if (this.failsAt !== method) return work();
    if (this.isResponseLost) await work();
    throw new Error('connection lost');
  }
}

/** A user on two devices, of which one changes the password. */
async function twoDevices(users = new Users()) {
  const store = new Failing();
  const app = inMemoryApp({ store, users });
  await users.add('ada');
  const sessions = [await app.auth.loginAs('1'), await app.auth.loginAs('1')] as const;
  const [here, there] = sessions.map(({ sessionId, refreshToken }) => ({
    sessionId,
    token: refreshToken!.token,
  }));
  app.takeEvents();
  return { app, store, users, here: here!, there: there! };
}

const isIn = async ({ app }: Awaited<ReturnType<typeof twoDevices>>, password: string) =>
  (await codeOf(app.auth.login({ ...right, password }))) === 'in';

describe('a change of password that is sent again,', () => {
  it.each([
    ['the reissue failed', 'rotate', false],
    ['the response to the reissue got lost', 'rotate', true],
  ] as const)(
    'because %s, succeeds: every copy is invalid',
    async (_what, failsAt, isResponseLost) => {
      const ada = await twoDevices();
      const { app, store, here, there } = ada;
      Object.assign(store, { failsAt, isResponseLost });
      const send = () => app.auth.changePassword('1', change, here.sessionId, PHONE);
      expect(await codeOf(send())).toBe('store_unavailable');
      store.failsAt = null;
      const reissued = await send();
      expect(await codeOf(app.auth.refresh(here.token))).toBe('refresh_invalid');
      expect(await codeOf(app.auth.refresh(there.token))).toBe('session_revoked');
      app.clock.advance({ minutes: 1 });
      expect(await codeOf(app.auth.refresh(reissued!.token))).toBe('in');
      expect([await isIn(ada, PASSWORD), await isIn(ada, NEW)]).toEqual([false, true]);
      expect(app.takeEvents()).not.toContainEqual(
        expect.objectContaining({ type: 'login_failed', ...PHONE }),
      );
    },
  );

  it('because its response got lost, gets the same token: neither is thrown away', async () => {
    const { app, here } = await twoDevices();
    const send = () => app.auth.changePassword('1', change, here.sessionId);
    const [first, second] = [await send(), await send()];
    expect(second).toEqual(first);
    app.clock.advance({ minutes: 1 });
    expect(await codeOf(app.auth.refresh(first!.token))).toBe('in');
  });

  it.each([1, 2, 5])(
    'and arrives late, when the reissued token was used %d times, changes nothing any more',
    async (times) => {
      const { app, here } = await twoDevices();
      const send = () => app.auth.changePassword('1', change, here.sessionId, PHONE);
      let { token } = (await send())!;
      for (let i = 0; i < times; i += 1) {
        app.clock.advance({ seconds: 31 });
        token = (await app.auth.refresh(token)).refreshToken!.token;
      }
      const elsewhere = await app.auth.login({ ...right, password: NEW });
      app.takeEvents();
      expect(await send()).toBeNull();
      expect(app.takeEvents()).toEqual([]);
      expect(await codeOf(app.auth.refresh(token))).toBe('in');
      app.clock.advance({ seconds: 31 });
      expect(await codeOf(app.auth.refresh(token))).toBe('in');
      expect(await codeOf(app.auth.refresh(elsewhere.refreshToken!.token))).toBe('in');
    },
  );

  it('before the reissued token was used, ends no later login, and is reported once', async () => {
    const { app, here } = await twoDevices();
    const send = () => app.auth.changePassword('1', change, here.sessionId);
    const first = await send();
    const elsewhere = await app.auth.login({ ...right, password: NEW });
    app.takeEvents();
    expect(await send()).toEqual(first);
    expect(app.takeEvents()).toEqual([]);
    expect(await codeOf(app.auth.refresh(elsewhere.refreshToken!.token))).toBe('in');
  });

  it('after another change by the same session, repeats that one, and not the first', async () => {
    const { app, store, here } = await twoDevices();
    const { token } = (await app.auth.changePassword('1', change, here.sessionId))!;
    app.clock.advance({ minutes: 1 });
    const used = (await app.auth.refresh(token)).refreshToken!.token;
    store.failsAt = 'rotate';
    const next = { currentPassword: NEW, newPassword: PASSWORD };
    const send = () => app.auth.changePassword('1', next, here.sessionId);
    expect(await codeOf(send())).toBe('store_unavailable');
    store.failsAt = null;
    const reissued = await send();
    expect(await codeOf(app.auth.refresh(used))).toBe('refresh_invalid');
    expect(await codeOf(app.auth.refresh(reissued!.token))).toBe('in');
  });

  it('because a later step failed, is reported once', async () => {
    const { app, store, here } = await twoDevices();
    const send = () => app.auth.changePassword('1', change, here.sessionId);
    store.failsAt = 'rotate';
    for (let i = 0; i < 2; i += 1) expect(await codeOf(send())).toBe('store_unavailable');
    store.failsAt = null;
    expect(await send()).not.toBeNull();
    const reported = app.takeEvents().filter(({ type }) => type === 'password_changed');
    expect(reported).toHaveLength(1);
  });

  it('because the directory wrote the hash and did not respond, succeeds', async () => {
    const users = new Users();
    const write = users.updatePasswordHash.bind(users);
    const ada = await twoDevices(users);
    const { app, here, there } = ada;
    users.updatePasswordHash = async (...given) => {
      await write(...given);
      throw new Error('socket hang up');
    };
    const send = () => app.auth.changePassword('1', change, here.sessionId, PHONE);
    expect(await codeOf(send())).toBe('store_unavailable');
    expect(await send()).not.toBeNull();
    expect(app.feed.isRevoked(there.sessionId)).toBe(true);
    expect(app.takeEvents()).toContainEqual({
      type: 'password_changed',
      userId: '1',
      sessionId: here.sessionId,
      ...PHONE,
    });
    expect(await isIn(ada, NEW)).toBe(true);
  });

  it('without a session to keep, ends the sessions that the failure left', async () => {
    const users = new Users();
    const ada = await twoDevices(users);
    const { app, store } = ada;
    const write = users.updatePasswordHash.bind(users);
    users.updatePasswordHash = async (...given) => {
      const isReplaced = await write(...given);
      await app.auth.loginAs('1');
      store.failsAt = 'revoke';
      return isReplaced;
    };
    expect(await codeOf(app.auth.changePassword('1', change))).toBe('store_unavailable');
    store.failsAt = null;
    expect(await app.auth.listSessions('1')).toHaveLength(1);
    expect(await app.auth.changePassword('1', change)).toBeNull();
    expect(await app.auth.listSessions('1')).toEqual([]);
  });

  it('at the same time, twice, succeeds twice with one token', async () => {
    const ada = await twoDevices();
    const { app, here } = ada;
    const send = () => app.auth.changePassword('1', change, here.sessionId);
    const [one, other] = await Promise.all([send(), send()]);
    expect(other).toEqual(one);
    app.clock.advance({ minutes: 1 });
    expect(await codeOf(app.auth.refresh(one!.token))).toBe('in');
    expect(await isIn(ada, NEW)).toBe(true);
  });

  it('at the same time to another instance, succeeds there too, with the same token', async () => {
    const { app, store, users, here } = await twoDevices();
    const other = inMemoryApp({ store, users });
    const write = users.updatePasswordHash.bind(users);
    let first: unknown;
    users.updatePasswordHash = async (...given) => {
      users.updatePasswordHash = write;
      first = await other.auth.changePassword('1', change, here.sessionId);
      return write(...given);
    };
    expect(await app.auth.changePassword('1', change, here.sessionId)).toEqual(first);
  });

  it('from a session that has ended meanwhile, has a wrong password', async () => {
    const { app, here } = await twoDevices();
    const send = () => app.auth.changePassword('1', change, here.sessionId);
    await send();
    await app.auth.revokeSession('1', here.sessionId);
    expect(await codeOf(send())).toBe('invalid_credentials');
  });

  it('from another session, or after the password was set differently, has a wrong password', async () => {
    const { app, users, here } = await twoDevices();
    const send = (sessionId: string | null) => app.auth.changePassword('1', change, sessionId);
    await send(here.sessionId);
    const other = await app.auth.loginAs('1');
    const no = { code: 'invalid_credentials', message: 'The current password is wrong.' };
    expect(await refusedWith(send(other.sessionId))).toMatchObject(no);
    expect(await refusedWith(send(null))).toMatchObject(no);
    users.change('1', { passwordHash: await hashOf(NEW) });
    expect(await refusedWith(send(here.sessionId))).toMatchObject(no);
    users.change('1', { passwordHash: null });
    expect(await refusedWith(send(here.sessionId))).toMatchObject(no);
  });
});

describe('a client who guesses the current password', () => {
  const limits = { device: { attempts: 4 } };

  async function afterAChange() {
    const app = inMemoryApp({ options: { limits } });
    const { sessionId } = await app.loggedIn();
    await app.auth.changePassword('1', change, sessionId);
    app.takeEvents();
    return { app, sessionId };
  }

  it('in the session that set it, has a second guess in each request, which is counted', async () => {
    const { app, sessionId } = await afterAChange();
    const guess = (newPassword: string) =>
      refusedWith(
        app.auth.changePassword('1', { currentPassword: WRONG, newPassword }, sessionId, PHONE),
      );
    const no = {
      code: 'invalid_credentials',
      sessionEnded: false,
      message: 'The current password is wrong.',
    };
    expect([await guess('the first of two guesses'), await guess('the second of two')]).toEqual([
      no,
      no,
    ]);
    expect((await guess(NEW)).code).toBe('too_many_attempts');
    expect(app.takeEvents().filter(({ type }) => type === 'login_failed')).toHaveLength(2);
  });

  it('in another session, has one guess in each request: the new password is not tried', async () => {
    const { app } = await afterAChange();
    const { sessionId } = await app.auth.loginAs('1');
    const guess = () =>
      codeOf(app.auth.changePassword('1', { currentPassword: WRONG, newPassword: NEW }, sessionId));
    const codes = [];
    for (let i = 0; i < 5; i += 1) codes.push(await guess());
    expect(codes).toEqual([...Array(4).fill('invalid_credentials'), 'too_many_attempts']);
  });

  it('with only one attempt left, is refused the second guess, which is reported', async () => {
    const app = inMemoryApp({ options: { limits: { device: { attempts: 1 } } } });
    const { sessionId } = await app.loggedIn();
    await app.auth.changePassword('1', change, sessionId);
    app.takeEvents();
    const guess = { currentPassword: WRONG, newPassword: NEW };
    expect(await codeOf(app.auth.changePassword('1', guess, sessionId))).toBe('too_many_attempts');
    expect(app.takeEvents().map(({ type }) => type)).toEqual(['login_failed', 'refused']);
  });

  it('with the same password twice has made one guess', async () => {
    const { app, sessionId } = await afterAChange();
    const guess = () =>
      codeOf(
        app.auth.changePassword('1', { currentPassword: WRONG, newPassword: WRONG }, sessionId),
      );
    const codes = [];
    for (let i = 0; i < 5; i += 1) codes.push(await guess());
    expect(codes).toEqual([...Array(4).fill('invalid_credentials'), 'too_many_attempts']);
  });
});
