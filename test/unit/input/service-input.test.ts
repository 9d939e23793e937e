import { describe, expect, it } from '@jest/globals';
import { PASSWORD } from '../../harness/test-secrets.js';
import { codeOf, inMemoryApp, refusalOf } from '../in-memory-app.js';

const CODES = /^(in|invalid_request|invalid_credentials|session_revoked|refresh_invalid)$/;

/** Values from JSON, a form, or code without types. */
const ODD: unknown[] = [
  undefined,
  null,
  '',
  ' ',
  'a\0b',
  'a\ud800',
  'x'.repeat(2000),
  7,
  NaN,
  -0,
  1.5,
  10n,
  true,
  Symbol('x'),
  () => 1,
  [],
  ['ada'],
  {},
  { toString: null },
  Object.create(null),
  new Date(NaN),
  Promise.resolve('1'),
];

const throws = (): never => {
  throw new TypeError('mine');
};
const TRAPS = new Proxy({}, { get: () => throws });

/** Objects that throw when they are read. */
const HOSTILE: [string, () => unknown][] = [
  ['getters that throw', () => thrower(['username', 'password', 'ip', 'userAgent'])],
  ['passwords that throw', () => thrower(['currentPassword', 'newPassword', 'toHexString'])],
  ['a proxy that throws at everything', () => new Proxy({}, TRAPS)],
  ['a function behind such a proxy', () => new Proxy(() => 1, TRAPS)],
  ['a list behind such a proxy', () => new Proxy(['x'], TRAPS)],
  ['a revoked proxy', () => revoked({})],
  ['a revoked list', () => revoked([])],
  ['a list of throwing getters', () => Object.defineProperty([], 0, { get: throws })],
  ['a list with its own idea of filtering', () => Object.assign(['x'], { filter: throws })],
  ['a list of nothing without end', () => Array(2 ** 32 - 1)],
  ['texts that throw', () => ({ username: { toString: throws }, ip: { valueOf: throws } })],
  ['what can be awaited', () => thrower(['then'])],
];

function thrower(names: string[]): unknown {
  return Object.defineProperties(
    {},
    Object.fromEntries(names.map((name) => [name, { get: throws }])),
  );
}

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

describe('any value that untyped callers pass to', () => {
  const app = inMemoryApp({ options: { limits: false } });
  const { auth } = app;
  type Any = (...given: unknown[]) => Promise<unknown>;
  const call = (method: keyof typeof auth, ...given: unknown[]) =>
    codeOf((auth[method] as Any).apply(auth, given));

  it.each<[string, (odd: unknown) => Promise<string>]>([
    ['login', (odd) => call('login', odd)],
    ['login, as the name', (odd) => call('login', { username: odd, password: PASSWORD })],
    ['login, as the password', (odd) => call('login', { username: 'ada', password: odd })],
    ['login, as the client', (odd) => call('login', { username: 'a', password: 'x' }, odd)],
    [
      'login, as the address',
      (odd) => call('login', { username: 'a', password: 'x' }, { ip: odd, userAgent: odd }),
    ],
    [
      'login, as what is replaced',
      (odd) => call('login', { username: 'a', password: 'x' }, {}, odd),
    ],
    [
      'login, as the device token',
      (odd) => call('login', { username: 'a', password: 'x' }, {}, [], odd),
    ],
    ['register', (odd) => call('register', odd)],
    ['register, as the name', (odd) => call('register', { username: odd, password: 'short' })],
    ['register, as the password', (odd) => call('register', { username: 'eve', password: odd })],
    ['loginAs', (odd) => call('loginAs', odd)],
    ['loginAs, as the client', (odd) => call('loginAs', '9', odd)],
    ['refresh', (odd) => call('refresh', odd)],
    ['refresh, as the client', (odd) => call('refresh', 'x', odd)],
    ['logout', (odd) => call('logout', odd)],
    ['logoutAll', (odd) => call('logoutAll', odd)],
    ['listSessions', (odd) => call('listSessions', odd)],
    ['revokeSession, as the user', (odd) => call('revokeSession', odd, 'a'.repeat(32))],
    ['revokeSession, as the session', (odd) => call('revokeSession', '1', odd)],
    ['revokeAllForUser', (odd) => call('revokeAllForUser', odd)],
    ['changePassword, as the user', (odd) => call('changePassword', odd, {})],
    ['changePassword, as the change', (odd) => call('changePassword', '1', odd)],
    [
      'changePassword, as the session',
      (odd) =>
        call('changePassword', '1', { currentPassword: 'x', newPassword: PASSWORD }, odd, odd),
    ],
  ])('%s is refused with the field’s name, or harmless', async (_what, attempt) => {
    for (const odd of ODD) expect(await attempt(odd)).toMatch(CODES);
    for (const [what, odd] of HOSTILE) {
      expect(`${what}: ${await attempt(odd())}`).toMatch(
        new RegExp(`^${what}: ${CODES.source.slice(1)}`),
      );
    }
  });

  it('whose reading throws is refused with the field’s name, at any depth', async () => {
    await app.userDirectory.add('ada');
    const right = { username: 'ada', password: PASSWORD };
    const broken = revoked({});
    const list = revoked([]);
    for (const [name, method, ...given] of [
      ['username', 'login', broken],
      ['ip', 'login', right, broken],
      ['replaced', 'login', right, {}, list],
      ['username', 'register', broken],
      ['ip', 'register', right, broken],
      ['replaced', 'register', right, {}, list],
      ['ip', 'loginAs', '1', broken],
      ['replaced', 'loginAs', '1', {}, list],
      ['ip', 'refresh', 'x', broken],
      ['currentPassword', 'changePassword', '1', broken],
      ['ip', 'changePassword', '1', right, null, broken],
      ['ownWords', 'hashPassword', PASSWORD, list],
      ['ip', 'hashPassword', PASSWORD, [], broken],
    ] as const) {
      const { code, message } = await refusalOf((auth[method] as Any).apply(auth, given));
      expect([method, code, message]).toEqual([
        method,
        'invalid_request',
        `${name}: can not be read`,
      ]);
    }
    expect(await call('loginAs', broken)).toBe('invalid_request');
  });

  it('is read once per field: the checked value is the used value', async () => {
    await app.userDirectory.add('eve');
    const reads: string[] = [];
    const credentials = {
      get username() {
        return reads.push('username') === 1 ? 'eve' : 'ada';
      },
      get password() {
        reads.push('password');
        return PASSWORD;
      },
    };
    expect(await call('login', credentials)).toBe('in');
    expect(reads).toEqual(['username', 'password']);
  });

  it('as a session’s id in a list is no id', async () => {
    const { sessionId } = await app.loggedIn();
    expect(await auth.revokeSession('1', [sessionId] as never)).toBe(false);
    expect(
      await call(
        'changePassword',
        '1',
        { currentPassword: PASSWORD, newPassword: `${PASSWORD}!` },
        [sessionId],
      ),
    ).toBe('invalid_request');
  });
});
