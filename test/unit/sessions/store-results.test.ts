import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RefreshTokenStore, SessionRow } from '../../../src/sessions/refresh-token-store.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, codeOf, refusalOf } from '../in-memory-app.js';

const COLUMNS = [
  'id',
  'userId',
  'tokenHash',
  'generation',
  'createdAt',
  'rotatedAt',
  'expiresAt',
  'absoluteExpiresAt',
  'revokedAt',
  'revokedReason',
  'ip',
  'userAgent',
] as const satisfies readonly (keyof SessionRow)[];

/** Like the models of Sequelize and Mongoose: the prototype has a getter for each value. */
class Model {
  readonly dataValues!: object;
  constructor(values: object) {
    Object.defineProperty(this, 'dataValues', { value: values, enumerable: true });
  }
}
for (const column of COLUMNS) {
  Object.defineProperty(Model.prototype, column, {
    get(this: Model) {
      return (this.dataValues as SessionRow)[column];
    },
  });
}

const asModel = (row: object) => new Model(row);

/** How a test changes each session that the store returns. */
class MappedStore extends MemoryRefreshTokenStore {
  as = (row: object): unknown => row;

  override async find(id: string) {
    const row = await super.find(id);
    return row === null ? null : (this.as(row) as SessionRow);
  }

  override async listActive(...given: Parameters<RefreshTokenStore['listActive']>) {
    return (await super.listActive(...given)).map((row) => this.as(row) as SessionRow);
  }

  override async revokedSince(since: number) {
    const ended = await super.revokedSince(since);
    return ended.map((row) => this.as(row) as { id: string; revokedAt: number });
  }
}

/** Not "or null", as for a session that may be live. */
const A_MOMENT = 'it has to be a whole number of milliseconds.';

let logged: unknown[];
/** Collects the lines of the log that are errors. Per group: test/unit/all-at-once.ts runs this file together with others. */
function collectErrors(): void {
  beforeEach(() => {
    logged = [];
    jest
      .spyOn(Logger.prototype, 'error')
      .mockImplementation((sentence: unknown) => void logged.push(sentence));
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });
}

/** A user who has refreshed once, on a store that then returns its sessions in this form. */
async function refreshedOnce(as: (row: object) => unknown) {
  const store = new MappedStore();
  const app = inMemoryApp({ store });
  const ada = await app.loggedIn();
  const { refreshToken } = await app.auth.refresh(ada.token);
  store.as = as;
  return { app, store, first: ada.token, second: refreshToken!.token, ada };
}

describe('sessions that the store returns as models, with getters on their prototype,', () => {
  collectErrors();
  it('work: a replay gets the successor, and the current token an access token', async () => {
    const { app, first, second } = await refreshedOnce(asModel);
    expect((await app.auth.refresh(first)).refreshToken!.token).toBe(second);
    expect((await app.auth.refresh(second)).refreshToken).toBeNull();
    app.clock.advance({ minutes: 1 });
    expect((await app.auth.refresh(second)).refreshToken).not.toBeNull();
  });

  it('are listed, known as devices, renewed with a password, and ended by the limit and by others', async () => {
    const store = new MappedStore();
    store.as = asModel;
    const app = inMemoryApp({ store, options: { maxSessionsPerUser: 1 } });
    const ada = await app.loggedIn();
    const [listed] = await app.auth.listSessions('1');
    expect(listed).toMatchObject({ id: ada.sessionId, ip: null });
    const change = { currentPassword: PASSWORD, newPassword: 'another horse battery staple' };
    expect(await codeOf(app.auth.changePassword('1', change, ada.sessionId))).toBe('in');
    app.clock.advance({ seconds: 1 });
    const next = await app.loggedIn();
    expect(app.feed.isRevoked(ada.sessionId)).toBe(true);
    const other = inMemoryApp({ store });
    await app.auth.revokeSession('1', next.sessionId);
    await other.feed.poll();
    expect(other.feed.isRevoked(next.sessionId)).toBe(true);
  });
});

describe('a session that breaks the port’s contract', () => {
  collectErrors();
  const wrong: [string, keyof SessionRow, unknown, string][] = [
    ['a column that was not read', 'revokedAt', undefined, 'undefined'],
    ['a bigint that the driver returns as text', 'rotatedAt', '1700000000000', 'a text'],
    ['a bigint', 'expiresAt', 1_700_000_000_000n, 'a bigint'],
    ['a date', 'expiresAt', new Date(1_900_000_000_000), 'an object (Date)'],
    ['a date in place of null', 'revokedAt', new Date(0), 'an object (Date)'],
    ['false in place of null', 'revokedAt', false, 'false'],
    ['no number', 'absoluteExpiresAt', NaN, 'NaN'],
    ['a fraction', 'rotatedAt', 1.5, '1.5'],
    ['null', 'expiresAt', null, 'null'],
    ['a number in place of a text', 'userId', 1, '1'],
    ['a generation as text', 'generation', '1', 'a text'],
    ['a promise', 'tokenHash', Promise.resolve('x'), 'a promise: await it'],
    ['an address that was not read', 'ip', undefined, 'undefined'],
  ];

  it.each(wrong)(
    'decides nothing, and the log names the field: %s',
    async (_w, field, value, what) => {
      const { app, store, first, second } = await refreshedOnce((row) => ({
        ...row,
        [field]: value,
      }));
      for (const token of [first, second, first]) {
        const refusal = await refusalOf(app.auth.refresh(token));
        expect(refusal).toMatchObject({
          code: 'store_unavailable',
          retryAfter: 1,
          sessionEnded: false,
        });
      }
      expect(logged).toEqual([
        expect.stringContaining(
          `RefreshTokenStore.find() returned a session whose ${field} is ${what}: it has to be `,
        ),
      ]);
      expect(await codeOf(app.auth.listSessions('1'))).toBe('store_unavailable');
      expect(logged[1]).toContain(
        `RefreshTokenStore.listActive() returned a session whose ${field}`,
      );
      store.as = (row) => row;
      expect((await app.auth.refresh(second)).refreshToken).toBeNull();
    },
  );

  it.each([
    ['undefined', 'undefined'],
    ['a list', 'an array'],
    ['a text', 'a text'],
  ])('decides nothing either as %s', async (_what, described) => {
    const responses: Record<string, unknown> = { undefined, 'an array': [], 'a text': 'x' };
    const { app, second } = await refreshedOnce(() => responses[described]);
    expect(await codeOf(app.auth.refresh(second))).toBe('store_unavailable');
    expect(logged).toEqual([
      expect.stringContaining(
        `RefreshTokenStore.find() returned ${described} in place of a session`,
      ),
    ]);
  });
});

describe('any other result that breaks the port’s contract', () => {
  collectErrors();
  const methods: [
    keyof RefreshTokenStore,
    unknown,
    (app: ReturnType<typeof inMemoryApp>) => unknown,
  ][] = [
    ['rotate', 1, async (app) => app.auth.refresh((await app.loggedIn()).token)],
    ['listActive', { rows: [] }, (app) => app.auth.listSessions('1')],
    ['revoke', '1', (app) => app.auth.logoutAll('1')],
    ['revoke', undefined, (app) => app.auth.logoutAll('1')],
    ['deleteEnded', {}, (app) => app.auth.purgeExpired()],
    ['deleteEnded', [[], 0], (app) => app.auth.purgeExpired()],
    ['devicesForgottenAt', '1700000000000', (app) => app.loggedIn()],
    ['keptTime', '1700000000000', (app) => app.auth.purgeExpired()],
  ];

  it.each(methods)(
    'is a 503 that names the method: %s() with %p',
    async (method, response, call) => {
      const store = new MemoryRefreshTokenStore();
      Object.assign(store, { [method]: async () => response });
      const app = inMemoryApp({ store, options: { maxSessionsPerUser: false } });
      expect(await codeOf(Promise.resolve(call(app)))).toBe('store_unavailable');
      expect(logged).toEqual([expect.stringContaining(`RefreshTokenStore.${method}() returned `)]);
    },
  );

  it.each([
    ['no list', undefined, 'undefined in place of a list.'],
    ['a session that was never ended', [{ id: 'x', revokedAt: null }], `null: ${A_MOMENT}`],
    ['a text for a moment', [{ id: 'x', revokedAt: '1' }], `a text: ${A_MOMENT}`],
  ])('leaves the feed without updates, which is logged: %s', async (_what, response, says) => {
    const store = new MemoryRefreshTokenStore();
    Object.assign(store, { revokedSince: async () => response });
    jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
    const app = inMemoryApp({ store });
    await app.feed.poll();
    await app.feed.poll();
    expect(app.feed.isStale()).toBe(true);
    expect(logged).toEqual([expect.stringContaining('RefreshTokenStore.revokedSince() returned ')]);
    expect(logged).toEqual([expect.stringContaining(says)]);
  });
});
