import { describe, expect, it, jest } from '@jest/globals';
import { PASSWORD } from '../../harness/test-secrets.js';
import { codeOf, inMemoryApp, refusalOf } from '../in-memory-app.js';

const NEW = 'staple battery horse correct';
const OFFICE = { ip: '192.0.2.7', userAgent: 'Console/1.0' };

describe('an administrator sets a password:', () => {
  it('the new one counts, and every session of the user has ended', async () => {
    const app = inMemoryApp();
    const phone = await app.loggedIn();
    const laptop = await app.loggedIn();
    const eve = await app.loggedIn('eve');

    await app.auth.setPassword(phone.userId, NEW, OFFICE);

    expect(await codeOf(app.auth.login({ username: 'ada', password: PASSWORD }))).toBe(
      'invalid_credentials',
    );
    expect(await codeOf(app.auth.login({ username: 'ada', password: NEW }))).toBe('in');
    expect(await codeOf(app.auth.refresh(phone.token))).toBe('session_revoked');
    expect(await codeOf(app.auth.refresh(laptop.token))).toBe('session_revoked');
    expect(await codeOf(app.auth.refresh(eve.token))).toBe('in');
    expect(app.takeEvents()).toContainEqual({
      type: 'password_changed',
      userId: phone.userId,
      sessionId: null,
      ...OFFICE,
    });
  });

  it.each<[string, object]>([
    ['who has none yet, as after an invitation', { passwordHash: null }],
    ['who is disabled', { disabled: true }],
  ])('for a user %s', async (_who, user) => {
    const app = inMemoryApp();
    const id = await app.userDirectory.add('ada', user);
    await app.auth.setPassword(id, NEW);
    app.userDirectory.change(id, { disabled: false });
    expect(await codeOf(app.auth.login({ username: 'ada', password: NEW }))).toBe('in');
  });

  it('ends a session that begins while the hash is replaced', async () => {
    const app = inMemoryApp();
    const { userId } = await app.loggedIn();
    const replace = app.userDirectory.updatePasswordHash.bind(app.userDirectory);
    let late: Awaited<ReturnType<typeof app.auth.login>> | undefined;
    app.userDirectory.updatePasswordHash = async (...change) => {
      late ??= await app.auth.login({ username: 'ada', password: PASSWORD });
      return replace(...change);
    };
    await app.auth.setPassword(userId, NEW);
    expect(await codeOf(app.auth.refresh(late!.refreshToken!.token))).toBe('session_revoked');
  });

  it('wins over a change of password that is faster', async () => {
    const app = inMemoryApp();
    const { userId } = await app.loggedIn();
    const replace = app.userDirectory.updatePasswordHash.bind(app.userDirectory);
    let isFirst = true;
    app.userDirectory.updatePasswordHash = async (id, hash, previous) => {
      if (isFirst) app.userDirectory.change(id, { passwordHash: 'another' });
      isFirst = false;
      return replace(id, hash, previous);
    };
    await app.auth.setPassword(userId, NEW);
    expect(await codeOf(app.auth.login({ username: 'ada', password: NEW }))).toBe('in');
  });

  it('a directory that never replaces the hash is a 503, and not an endless loop', async () => {
    const app = inMemoryApp();
    const { userId } = await app.loggedIn();
    app.userDirectory.updatePasswordHash = jest.fn(async () => false);
    expect(await codeOf(app.auth.setPassword(userId, NEW))).toBe('store_unavailable');
    expect(app.userDirectory.updatePasswordHash).toHaveBeenCalledTimes(4);
  });

  it.each<[string, unknown, unknown, string]>([
    ['for nobody', '99', NEW, 'userId: there is no such user'],
    ['for what is no id', {}, NEW, 'userId: must be'],
    ['that is short', '1', 'short', 'newPassword: must have'],
    ['that is made of the name', '1', 'ada-ada-ada-ada-ada', 'newPassword: is'],
    ['that is no text', '1', 17, 'newPassword: must be a text'],
  ])('none is set %s, and nothing has happened', async (_what, userId, password, sentence) => {
    const app = inMemoryApp();
    const ada = await app.loggedIn();
    const refusal = await refusalOf(app.auth.setPassword(userId as string, password as string));
    expect(refusal.code).toBe('invalid_request');
    expect(refusal.message).toMatch(new RegExp(`^${sentence}`));
    expect(await codeOf(app.auth.refresh(ada.token))).toBe('in');
    expect(await codeOf(app.auth.login({ username: 'ada', password: PASSWORD }))).toBe('in');
  });

  it('takes an id as the app has it: a number, a bigint', async () => {
    const app = inMemoryApp();
    await app.userDirectory.add('ada', { id: 7 });
    await app.auth.setPassword(7, NEW);
    await app.auth.setPassword(7n, `${NEW} again`);
    expect(await app.auth.listSessions(7)).toEqual([]);
    expect(await codeOf(app.auth.loginAs(7n))).toBe('in');
    expect(await app.auth.revokeAllForUser(7)).toBe(1);
  });
});
