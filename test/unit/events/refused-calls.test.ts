import { describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../../harness/test-secrets.js';
import { codeOf, inMemoryApp, type InMemoryApp } from '../in-memory-app.js';

const PHONE = { ip: '192.0.2.1', userAgent: 'Phone/1.0' };
const WRONG = 'a wrong horse battery staple';
const SESSION = 'a0'.repeat(16);
const ONCE = { attempts: 1 };
const limits = { account: ONCE, device: ONCE, registration: ONCE };
const change = { currentPassword: WRONG, newPassword: PASSWORD };

type Call = (auth: InMemoryApp['auth'], i: number) => Promise<unknown>;

describe('a refused call is reported with its name, its client and its user', () => {
  it.each<[string, Call, Record<string, unknown>]>([
    [
      'login',
      (auth) => auth.login({ username: 'ada', password: WRONG }, PHONE),
      { code: 'too_many_attempts', username: 'ada', userId: null, sessionId: null },
    ],
    [
      'register',
      (auth, i) => auth.register({ username: `eve${i}`, password: PASSWORD }, PHONE),
      { code: 'too_many_attempts', username: 'eve1', userId: null, sessionId: null },
    ],
    [
      'loginAs',
      (auth) => auth.loginAs('9', PHONE),
      { code: 'session_revoked', username: null, userId: '9', sessionId: null },
    ],
    [
      'password',
      (auth) => auth.changePassword('1', change, SESSION, PHONE),
      { code: 'too_many_attempts', username: null, userId: '1', sessionId: SESSION },
    ],
  ])('%s', async (where, call, subject) => {
    const app = inMemoryApp({ options: { limits } });
    await app.userDirectory.add('ada');
    for (let i = 0; i < 2; i += 1) await codeOf(call(app.auth, i));
    expect(app.takeEvents().at(-1)).toEqual({
      type: 'refused',
      where,
      suppressed: 0,
      ...subject,
      ...PHONE,
    });
  });
});
