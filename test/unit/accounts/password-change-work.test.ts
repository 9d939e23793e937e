import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { PASSWORD } from '../../harness/test-secrets.js';
import { codeOf, hashOf, inMemoryApp } from '../in-memory-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const NEW = 'another horse battery staple';
const change = { currentPassword: PASSWORD, newPassword: NEW };

describe('a change of password does no more than it has to: it', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('costs one check and one hash, which wait as those of a known device', async () => {
    const app = inMemoryApp();
    const { sessionId } = await app.loggedIn();
    const check = jest.spyOn(app.passwords, 'check');
    const hash = jest.spyOn(app.passwords, 'hash');
    await app.auth.changePassword('1', change, sessionId, PHONE);
    const turn = { from: PHONE.ip, isKnown: true };
    expect(check.mock.calls.map((given) => given[2])).toEqual([turn]);
    expect(hash.mock.calls.map((given) => given[1])).toEqual([turn]);
  });

  it('ends no session if the password was changed while the new one was hashed', async () => {
    const app = inMemoryApp();
    const [here, there] = [await app.loggedIn(), await app.loggedIn()];
    const passwordHash = await hashOf('the horse of somebody else');
    jest.spyOn(app.passwords, 'hash').mockImplementationOnce(async () => {
      app.userDirectory.change('1', { passwordHash });
      return hashOf(NEW);
    });
    expect(await codeOf(app.auth.changePassword('1', change, here.sessionId))).toBe(
      'invalid_credentials',
    );
    expect(app.feed.isRevoked(there.sessionId)).toBe(false);
    expect(app.userDirectory.byId.get('1')).toMatchObject({ passwordHash });
  });

  it('without a session to keep ends all, and looks for none, also when it is sent again', async () => {
    const app = inMemoryApp();
    const { sessionId } = await app.loggedIn();
    const find = jest.spyOn(app.store, 'find');
    expect(await app.auth.changePassword('1', change)).toBeNull();
    expect(await app.auth.changePassword('1', change)).toBeNull();
    expect(app.feed.isRevoked(sessionId)).toBe(true);
    expect(find).not.toHaveBeenCalled();
  });
});
