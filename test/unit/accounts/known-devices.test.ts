import { describe, expect, it } from '@jest/globals';
import type { IssuedTokens } from '../../../src/sessions/issued-tokens.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { codeOf, inMemoryApp, type AppOptions, type InMemoryApp } from '../in-memory-app.js';

const right = { username: 'ada', password: PASSWORD };
const wrong = { username: 'ada', password: 'a wrong horse battery staple' };

/** An app in which one failure elsewhere locks a user out, except on the devices that are known. */
function strict({ options, ...ports }: AppOptions = {}) {
  const limits = { account: { attempts: 1 }, device: { attempts: 2 } };
  const app = inMemoryApp({ ...ports, options: { limits, ...options } });
  return {
    app,
    /** The device token of a login that has ended. */
    async deviceOf(username: string) {
      const { userId, device } = await app.auth.loginAs((await app.loggedIn(username)).userId);
      await app.auth.logoutAll(userId);
      return device;
    },
    /** The result of a login with the right password, after a failure elsewhere. */
    async lockedOut(deviceToken?: string) {
      await codeOf(app.auth.login(wrong));
      return codeOf(app.auth.login(right, undefined, [], deviceToken));
    },
  };
}

/** A store that was written before devices could be forgotten. */
function forgetful() {
  const store = new MemoryRefreshTokenStore();
  return Object.assign(store, { forgetDevices: undefined, devicesForgottenAt: undefined }) as never;
}

describe('a device on which a user has logged in', () => {
  it('is known by its token after the logout: failures elsewhere don’t lock it out', async () => {
    const { deviceOf, lockedOut } = strict();
    const device = await deviceOf('ada');
    expect([await lockedOut(), await lockedOut(device!.token)]).toEqual([
      'too_many_attempts',
      'in',
    ]);
  });

  it('does not end the lockout of others by a login', async () => {
    const { deviceOf, lockedOut } = strict();
    const device = await deviceOf('ada');
    expect(await lockedOut(device!.token)).toBe('in');
    expect(await lockedOut()).toBe('too_many_attempts');
  });

  it('has its own count of failures', async () => {
    const { app, deviceOf } = strict();
    const device = await deviceOf('ada');
    const guess = () => codeOf(app.auth.login(wrong, undefined, [], device!.token));
    expect([await guess(), await guess(), await guess()]).toEqual([
      'invalid_credentials',
      'invalid_credentials',
      'too_many_attempts',
    ]);
    expect(await codeOf(app.auth.login(right))).toBe('in');
  });

  it.each<[string, (auth: InMemoryApp['auth'], token: string) => Promise<IssuedTokens>]>([
    [
      'registers',
      (auth, token) => auth.register({ ...right, username: 'bob' }, undefined, [], token),
    ],
    ['logs in', (auth, token) => auth.login({ ...right, username: 'eve' }, undefined, [], token)],
    ['is logged in by the app', (auth, token) => auth.loginAs('2', undefined, [], token)],
  ])('stays known if another user %s there', async (_what, enter) => {
    const { app, deviceOf, lockedOut } = strict();
    const { token } = (await deviceOf('ada'))!;
    await deviceOf('eve');
    const { device } = await enter(app.auth, token);
    expect(await lockedOut(device!.token)).toBe('in');
  });

  it('is not known by what is no text', async () => {
    const { deviceOf, lockedOut } = strict();
    await deviceOf('ada');
    expect(await lockedOut([7] as never)).toBe('too_many_attempts');
  });

  it('is not known to other users', async () => {
    const { deviceOf, lockedOut } = strict();
    await deviceOf('ada');
    const device = await deviceOf('eve');
    expect(await lockedOut(device!.token)).toBe('too_many_attempts');
  });

  it.each<[string, (app: InMemoryApp) => Promise<unknown>]>([
    ['all sessions were revoked', ({ auth }) => auth.revokeEverything()],
    [
      'devices were forgotten in the same moment',
      ({ store, clock }) => store.forgetDevices!(clock.now()),
    ],
  ])('is not known after %s', async (_what, forget) => {
    const { app, deviceOf, lockedOut } = strict();
    const device = await deviceOf('ada');
    await forget(app);
    expect(await lockedOut(device!.token)).toBe('too_many_attempts');
  });

  it('is known if the login was in the moment after, on a clock that is behind', async () => {
    const { app, deviceOf, lockedOut } = strict();
    await app.store.forgetDevices!(app.clock.now() + 1000);
    const device = await deviceOf('ada');
    expect(await lockedOut(device!.token)).toBe('in');
  });

  it('gets no token, and is not known by an earlier one, if the app wants no such cookie', async () => {
    const device = await strict().deviceOf('ada');
    const { deviceOf, lockedOut } = strict({ options: { cookies: { device: false } } });
    expect(await deviceOf('ada')).toBeNull();
    expect(await lockedOut(device!.token)).toBe('too_many_attempts');
  });

  it('gets no token of a store that can’t revoke it', async () => {
    const { deviceOf } = strict({ store: forgetful() });
    expect(await deviceOf('ada')).toBeNull();
  });

  it('is known by a token from before, where the store can’t revoke it any more', async () => {
    const device = await strict().deviceOf('ada');
    const { app, lockedOut } = strict({ store: forgetful() });
    await app.loggedIn('ada');
    expect(await lockedOut(device!.token)).toBe('in');
  });
});
