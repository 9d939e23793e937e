import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PASSWORD } from '../../harness/test-secrets.js';
import { watchSettled } from '../../harness/watch-settled.js';
import { inMemoryApp, codeOf, hashOf, refusalOf, Users } from '../in-memory-app.js';

const right = { username: 'ada', password: PASSWORD };
const NEW = 'another horse battery staple';
const change = { currentPassword: PASSWORD, newPassword: NEW };

/** The result of a request while fake time passes; hashing takes real time. */
async function inTime<T>(request: Promise<T>): Promise<T> {
  const { isSettled } = watchSettled(request);
  while (!isSettled()) await jest.advanceTimersByTimeAsync(10);
  return request;
}

/** Reads from a replica that stays behind for this many reads after each write. */
class Behind extends Users {
  reads = 0;
  #behind = 0;
  #copy = new Map(this.byId);

  override async findById(id: string) {
    this.#behind -= 1;
    return (this.#behind >= 0 ? this.#copy : this.byId).get(id) ?? null;
  }

  /** Does nothing that takes real time, because fake time would not wait for it. */
  override async create({ username, passwordHash }: { username: string; passwordHash: string }) {
    this.#fallBehind();
    const id = String(this.byId.size + 1);
    this.byId.set(id, { id, passwordHash, claims: { username } });
    return this.byId.get(id)!;
  }

  override async updatePasswordHash(...given: [string, string, string]): Promise<never> {
    this.#fallBehind();
    await super.updatePasswordHash(...given);
    return undefined as never;
  }

  #fallBehind(): void {
    this.#behind = this.reads;
    this.#copy = new Map(this.byId);
  }
}

const sentence = (what: string) =>
  expect.stringMatching(
    new RegExp(`^UserDirectory\\.findById\\(\\) ${what}.* reads a replica that is behind`),
  );

describe('a directory that reads from a replica', () => {
  let logged: ReturnType<typeof jest.spyOn>;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  describe('that is a little behind', () => {
    it('registers users all the same', async () => {
      const users = new Behind();
      users.reads = 4;
      const app = inMemoryApp({ users });
      expect(await codeOf(inTime(app.auth.register(right)))).toBe('in');
      expect(logged).not.toHaveBeenCalled();
    });

    it('changes passwords all the same', async () => {
      const users = new Behind();
      const app = inMemoryApp({ users });
      await users.add('ada');
      users.reads = 4;
      expect(await codeOf(inTime(app.auth.changePassword('1', change)))).toBe('in');
      users.reads = 0;
      expect(await codeOf(inTime(app.auth.login({ ...right, password: NEW })))).toBe('in');
    });
  });

  describe('that is far behind', () => {
    it('registers with a 503 and a message, never as a refusal; the user can log in later', async () => {
      const users = new Behind();
      users.reads = 100;
      const app = inMemoryApp({ users });
      const refusal = await refusalOf(inTime(app.auth.register(right)));
      expect(refusal).toMatchObject({ code: 'store_unavailable', retryAfter: 1 });
      expect(logged.mock.calls).toEqual([[sentence('doesn’t find the user')]]);
      expect(app.events.map(({ type }) => type)).toEqual(['store_unavailable', 'session_revoked']);
      expect(await app.auth.listSessions('1')).toEqual([]);
      users.reads = 0;
      await users.create({ username: 'eve', passwordHash: 'x' });
      expect(await codeOf(inTime(app.auth.login(right)))).toBe('in');
    });

    it('changes a password with a 503 and a message, never as a refusal', async () => {
      const users = new Behind();
      const app = inMemoryApp({ users });
      await users.add('ada');
      users.reads = 100;
      expect(await codeOf(inTime(app.auth.changePassword('1', change)))).toBe('store_unavailable');
      expect(logged.mock.calls).toEqual([[sentence('returns the password hash')]]);
    });
  });

  it('is queried once if it is not behind', async () => {
    const users = new Behind();
    const app = inMemoryApp({ users });
    const findById = jest.spyOn(users, 'findById');
    await inTime(app.auth.register(right));
    expect(findById).toHaveBeenCalledTimes(1);
  });
});

/** Open until it is ended. */
async function open() {
  const transactions = { mayUndo: jest.fn(() => true), undone: jest.fn(() => 0) };
  const app = inMemoryApp({ transactions });
  await app.userDirectory.add('ada');
  transactions.mayUndo.mockReturnValue(false);
  const { refreshToken, sessionId } = await app.auth.loginAs('1');
  transactions.mayUndo.mockReset().mockReturnValue(true);
  app.takeEvents();
  return { app, transactions, sessionId, token: refreshToken!.token };
}

describe('an app transaction on the users’ connection', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it('does not delay a refresh of an existing user', async () => {
    const { app, transactions, token } = await open();
    expect(await codeOf(app.auth.refresh(token))).toBe('in');
    expect(transactions.mayUndo).not.toHaveBeenCalled();
  });

  it('that may roll back a user’s end is waited for, at most two and a half seconds', async () => {
    const { app, token, sessionId } = await open();
    app.userDirectory.change('1', { disabled: true });
    const refresh = app.auth.refresh(token);
    const { isSettled } = watchSettled(refresh);
    await jest.advanceTimersByTimeAsync(2400);
    expect(isSettled()).toBe(false);
    await jest.advanceTimersByTimeAsync(200);
    expect(isSettled()).toBe(true);
    expect(await refusalOf(refresh)).toMatchObject({ code: 'store_unavailable', retryAfter: 1 });
    expect(app.takeEvents()).toEqual([
      {
        type: 'store_unavailable',
        cause: expect.stringMatching(/transaction of the app is open/),
        source: 'user directory',
      },
    ]);
    expect(app.feed.isRevoked(sessionId)).toBe(false);
  });

  it('that began while a user was read makes the read invalid', async () => {
    const { app, transactions, token, sessionId } = await open();
    app.userDirectory.change('1', { disabled: true });
    const responses = [false, true];
    transactions.mayUndo.mockImplementation(() => {
      const isOpen = responses.shift() ?? false;
      if (responses.length === 0) app.userDirectory.change('1', { disabled: false });
      return isOpen;
    });
    expect(await codeOf(inTime(app.auth.refresh(token)))).toBe('in');
    expect(app.feed.isRevoked(sessionId)).toBe(false);
  });

  it('that began and was rolled back while a user was read makes the read invalid', async () => {
    const { app, transactions, token, sessionId } = await open();
    transactions.mayUndo.mockReturnValue(false);
    app.userDirectory.change('1', { disabled: true });
    const responses = [0, 2];
    transactions.undone.mockImplementation(() => {
      const undone = responses.shift() ?? 2;
      if (responses.length === 0) app.userDirectory.change('1', { disabled: false });
      return undone;
    });
    expect(await codeOf(inTime(app.auth.refresh(token)))).toBe('in');
    expect(app.feed.isRevoked(sessionId)).toBe(false);
  });

  it('delays no login for a rehash that can be done another time', async () => {
    const { app, transactions } = await open();
    const outdated = await hashOf(PASSWORD, { memoryCost: 512 });
    app.userDirectory.change('1', { passwordHash: outdated });
    const login = app.auth.login(right);
    await jest.advanceTimersByTimeAsync(0);
    while (transactions.mayUndo.mock.calls.length < 3) await jest.advanceTimersByTimeAsync(10);
    transactions.mayUndo.mockReturnValue(false);
    expect(await codeOf(inTime(login))).toBe('in');
    expect(app.userDirectory.byId.get('1')!.passwordHash).toBe(outdated);
  });

  it('delays a login, which then uses what is true after it', async () => {
    const { app, transactions } = await open();
    const login = app.auth.login(right);
    const { isSettled } = watchSettled(login);
    while (transactions.mayUndo.mock.calls.length < 3) await jest.advanceTimersByTimeAsync(10);
    expect(isSettled()).toBe(false);
    app.userDirectory.change('1', { disabled: true });
    transactions.mayUndo.mockReturnValue(false);
    expect(await codeOf(inTime(login))).toBe('invalid_credentials');
  });

  it('is waited for before a user is created, so that a 503 leaves no user behind', async () => {
    const { app, transactions } = await open();
    const eve = { username: 'eve', password: PASSWORD };
    expect(await codeOf(inTime(app.auth.register(eve)))).toBe('store_unavailable');
    expect(app.userDirectory.byId.size).toBe(1);
    transactions.mayUndo.mockReturnValue(false);
    // No time passes while this directory hashes.
    expect(await codeOf(app.auth.register(eve))).toBe('in');
  });
});
