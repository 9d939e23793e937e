import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import argon2 from 'argon2';
import fc from 'fast-check';
import { TypeOrmRefreshTokenStore, type RefreshTokenStore } from 'nestjs-refresh-auth';
import { DataSource } from 'typeorm';
import { sqliteKind, type TestDatabase } from '../harness/databases.js';
import { FakeClock } from '../harness/fake-clock.js';
import type { HttpResponse } from '../harness/http-client.js';
import { PASSWORD, REFRESH_SECRET, startTestApp, type TestApp } from '../harness/test-app.js';
import { inWords, nameOf, Names, SessionModel } from './session-model.js';
import type { Access, Choice, Request, Seen, TokenName } from './session-model.js';

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const USERS = ['alice', 'bob'];

/** The lowest cost of argon2, because random histories log in thousands of times. */
const passwordHash = await argon2.hash(PASSWORD, { memoryCost: 8, timeCost: 2, parallelism: 1 });
const findUser = async (id: string) => (USERS.includes(id) ? { id, passwordHash } : null);

/** MODEL_SEED and MODEL_RUNS give other and more histories; MODEL_REPORT=1 prints what occurred in them. */
const { MODEL_SEED = '20300101', MODEL_RUNS = '2000', MODEL_REPORT } = process.env;

describe.each([
  { leeway: 30 * SECOND, share: 0.55, named: 'of 30 seconds' },
  { leeway: 0, share: 0.3, named: 'of 0, which is strict' },
  { leeway: 15 * 60 * SECOND, share: 0.15, named: 'as long as an access token lives' },
])('random histories of sessions with a leeway $named', ({ leeway, share }) => {
  const numRuns = Math.ceil(Number(MODEL_RUNS) * share);
  let home: Home;

  beforeAll(async () => {
    home = new Home(leeway);
    await home.open();
  });
  afterAll(() => home.close());

  it(
    'follow the rules at every step',
    async () => {
      const steps = fc.array(step, { minLength: 1, maxLength: 25, size: 'max' });
      const life = fc.asyncProperty(fc.nat(999), steps, async (ms, given) => {
        const run = await Run.begin(home, ms);
        await logIn(run, USERS[0]!);
        for (const take of given) {
          await take(run);
          await run.compareTable();
        }
        for (const access of run.access.slice(-5)) await callGuarded(run, access);
      });
      const outcome = await fc.check(life, { seed: Number(MODEL_SEED), numRuns });
      if (MODEL_REPORT) console.log(outcome.numRuns, home.met);
      if (outcome.failed) {
        const { message } = outcome.errorInstance as Error;
        throw new Error(`MODEL_SEED=${MODEL_SEED}, run ${outcome.numRuns}, shrunk:\n${message}`);
      }
      const required = numRuns < 300 ? [] : proofs(leeway);
      expect(required.filter((one) => !home.met.has(one))).toEqual([]);
    },
    10 * 60 * SECOND,
  );
});

/** The situations that the random histories must contain; without them the test proves nothing. */
function proofs(leeway: number): string[] {
  const given = ['cookie new', ...(leeway === 0 ? [] : ['cookie again', 'cookie untouched'])];
  const refused = ['refresh_reused', 'refresh_expired', 'session_revoked'];
  return [
    ...given.flatMap((cookie) => [`refresh: 200, ${cookie}`, `at once: 200, ${cookie}`]),
    ...refused.map((code) => `refresh: 401 ${code}, cookie cleared`),
    ...['token_expired', 'session_revoked'].map((code) => `guarded: 401 ${code}, cookie untouched`),
    'at once: 401 refresh_reused, cookie cleared',
    'refresh: 401 refresh_invalid, cookie untouched',
    'refresh: 401 session_revoked, cookie untouched',
    'end of one: 404 session_not_found, cookie untouched',
  ];
}

const choice: fc.Arbitrary<Choice> = fc.record({
  ofAny: fc.constantFrom(false, false, false, true),
  session: fc.nat(5),
  behind: fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 1, 2, 3, 8),
});
const others = fc.constantFrom(...Array(10).fill('same'), 'another', 'another', 'logout');
const crowd = fc.record({
  first: choice,
  another: choice,
  others: fc.array(others, { minLength: 1, maxLength: 3 }),
  pauses: fc.array(fc.nat(4), { minLength: 4, maxLength: 12 }),
});
/** Milliseconds after the latest access token, or after the next moment. */
const place = fc.constantFrom(0, 0, 0, 0, 0, 1, 1, 2, 3, 5);
const aroundMoment = fc.record({ nth: place, off: fc.integer({ min: -1, max: 1 }) });
const aWhile = fc.constantFrom(1, 999, 1e3, 6e4, 9e5, 4e6, 2e7, DAY, 3 * DAY, 8 * DAY);

const step = fc.oneof(
  stepOf(100, choice, refresh),
  stepOf(40, crowd, refreshAtOnce),
  stepOf(40, place, (run, back) => callGuarded(run, run.accessToken(back))),
  stepOf(30, fc.constantFrom(...USERS), logIn),
  stepOf(8, choice, (run, replaced) => logIn(run, USERS[0]!, replaced)),
  stepOf(30, aroundMoment, waitForMoment),
  stepOf(30, fc.constantFrom(0.25, 0.5, 1), (run, part) => run.wait(part * run.home.leeway)),
  stepOf(15, aWhile, (run, ms) => run.wait(ms)),
  stepOf(6, fc.integer({ min: 2, max: 6 }), visitEveryFiveDays),
  stepOf(6, choice, logOut),
  stepOf(8, place, logOutOfAll),
  stepOf(12, fc.record({ by: place, target: fc.nat(5) }), endOne),
  stepOf(4, fc.constant(null), endEverything),
  stepOf(8, fc.constantFrom(0, 0, 3 * DAY), cleanUp),
  stepOf(2, fc.constant(null), (run) => run.restart()),
);

function stepOf<T>(weight: number, given: fc.Arbitrary<T>, take: (run: Run, given: T) => unknown) {
  return { weight, arbitrary: given.map((one) => (run: Run) => take(run, one)) };
}

type Given<A> = A extends fc.Arbitrary<infer T> ? T : never;

async function logIn(run: Run, username: string, replaced?: Choice) {
  const token = replaced && run.model.choose(replaced, run.now);
  const parts = { token, body: { username, password: PASSWORD } };
  await run.expect('login', 'POST /auth/login', parts, run.model.login(username, run.now, token));
}

async function refresh(run: Run, chosen: Choice) {
  const token = run.model.choose(chosen, run.now);
  await run.expect('refresh', 'POST /auth/refresh', { token }, run.model.refresh(token, run.now));
}

async function refreshAtOnce(run: Run, given: Given<typeof crowd>) {
  const first = run.model.choose(given.first, run.now);
  const another = run.model.choose(given.another, run.now);
  const requests = ['same', ...given.others].map((other): Request => ({
    what: other === 'logout' ? 'logout' : 'refresh',
    token: other === 'another' ? another : first,
  }));
  run.home.pauses = given.pauses;
  const responses = await Promise.all(
    requests.map(({ what, token }) => run.call(`POST /auth/${what}`, { token })),
  );
  run.home.pauses = [];
  const seen = responses.map((response, i) => run.see('at once', response, requests[i]!));
  run.model =
    run.model.explain(requests, seen, run.now) ??
    run.fail('no order of these requests, one after the other, gives these responses');
}

function waitForMoment(run: Run, { nth, off }: Given<typeof aroundMoment>) {
  const moments = [...run.model.moments(), ...run.access.map(({ endsAt }) => endsAt)];
  const ahead = [...new Set(moments)].filter((at) => at + off > run.now).toSorted((a, b) => a - b);
  if (ahead.length > 0) run.wait(ahead[nth % ahead.length]! + off - run.now);
}

/** Keeps a session alive until its absolute end; otherwise its idle time ends it first. */
async function visitEveryFiveDays(run: Run, times: number) {
  for (let visit = 0; visit < times; visit += 1) {
    run.wait(5 * DAY);
    await refresh(run, { ofAny: false, session: 0, behind: 0 });
  }
}

async function logOut(run: Run, chosen: Choice) {
  const token = run.model.choose(chosen, run.now);
  await run.expect('logout', 'POST /auth/logout', { token }, run.model.logout(token, run.now));
}

async function logOutOfAll(run: Run, back: number) {
  const access = run.accessToken(back);
  const expected = run.model.logoutAll(access, run.now);
  await run.expect('logout of all', 'POST /auth/logout-all', { access }, expected);
}

async function endOne(run: Run, { by, target }: { by: number; target: number }) {
  const access = run.accessToken(by);
  const session = target % run.model.sessions.length;
  const route = `DELETE /auth/sessions/${run.names.idOf(session)}`;
  const expected = run.model.endSession(access, session, run.now);
  await run.expect('end of one', route, { access, what: `s${session}` }, expected);
}

async function callGuarded(run: Run, access: Access) {
  await run.expect('guarded', 'GET /guarded', { access }, run.model.guard(access, run.now));
}

async function endEverything(run: Run) {
  const expected = run.model.endEverything(run.now);
  const ended = await run.home.test.auth.revokeEverything();
  run.record(`everything is ended: ${ended} sessions`);
  if (ended !== expected) run.fail(`expected: ${expected}`);
}

async function cleanUp(run: Run, later: number) {
  run.wait(later);
  await run.home.test.auth.purgeExpired();
  const left = (await run.home.test.sessions.find()).map(({ id }) => run.names.numberOf(id));
  run.record(`cleaned up, left: ${left.map((session) => `s${session}`).join(', ')}`);
  const complaint = run.model.forgetAllBut(left, run.now);
  if (complaint !== null) run.fail(complaint);
}

interface RequestParts {
  what?: string;
  token?: TokenName | undefined;
  access?: Access;
  body?: unknown;
}

/** One random history: the model, the issued tokens, and the steps so far, which are printed if it fails. */
class Run {
  model: SessionModel;
  readonly names = new Names();
  readonly access: Access[] = [];
  readonly #story: string[] = [];

  private constructor(readonly home: Home) {
    this.model = new SessionModel(home.leeway);
  }

  /** On an empty table, `ms` milliseconds after the beginning of a day. */
  static async begin(home: Home, ms: number): Promise<Run> {
    await home.test.sessions.clear();
    home.test.statements.length = 0;
    home.clock.advance({ ms: DAY - (home.clock.now() % DAY) + ms });
    return new Run(home);
  }

  get now(): number {
    return this.home.clock.now();
  }

  wait(ms: number): void {
    this.home.clock.advance({ ms });
    if (ms > 0) this.record(`${ms / SECOND} s go by`);
  }

  async restart(): Promise<void> {
    await this.home.test.close();
    await this.home.start();
    this.record('restart');
  }

  accessToken(back: number): Access {
    return this.access.at(-1 - (back % this.access.length))!;
  }

  call(route: string, { token, access, body }: RequestParts): Promise<HttpResponse> {
    const [method, path] = route.split(' ') as [string, string];
    const cookie = token === undefined ? '' : this.names.cookieOf(token);
    const headers = access === undefined ? {} : { authorization: `Bearer ${access.bytes}` };
    const request = { body, cookie, headers, loseResponse: true };
    return this.home.test.client().request(method, path, request);
  }

  async expect(kind: string, route: string, parts: RequestParts, expected: Seen): Promise<void> {
    const seen = this.see(kind, await this.call(route, parts), parts);
    if (inWords(seen) !== inWords(expected)) this.fail(`expected: ${inWords(expected)}`);
  }

  see(kind: string, response: HttpResponse, { what, token, access }: RequestParts): Seen {
    const issued = this.names.count;
    const seen = this.names.see(response);
    const { status, code, cookie, maxAge } = seen;
    if (seen.access !== undefined) {
      const { session, expiresIn } = seen.access;
      const endsAt = this.now - (this.now % SECOND) + expiresIn * SECOND;
      this.access.push({ session, endsAt, bytes: response.body.accessToken });
    }
    const by = [token && nameOf(token), access && `access to s${access.session}`].filter(Boolean);
    const request = what === undefined ? kind : `${kind}: ${what}`;
    this.record(`${[request, ...by].join(' with ')} → ${inWords(seen)}`);
    const set = this.names.count > issued ? 'new' : 'again';
    const met = inWords({ status, code, cookie: maxAge === undefined ? cookie : set });
    this.home.met.set(`${kind}: ${met}`, (this.home.met.get(`${kind}: ${met}`) ?? 0) + 1);
    return seen;
  }

  async compareTable(): Promise<void> {
    const rows = await this.home.test.sessions.find();
    const seen = rows.map(({ id, tokenHash, generation, ...row }) => {
      const { rotatedAt, expiresAt, absoluteExpiresAt, revokedAt } = row;
      const current = this.names.find(tokenHash) ?? 'unknown';
      const session = this.names.numberOf(id);
      return { session, current, generation, rotatedAt, expiresAt, absoluteExpiresAt, revokedAt };
    });
    seen.sort((a, b) => a.session - b.session);
    const [is, shouldBe] = [seen, this.model.rows()].map((lines) => JSON.stringify(lines, null, 1));
    if (is !== shouldBe) this.fail(`the table has\n${is}\nexpected:\n${shouldBe}`);
  }

  record(line: string): void {
    this.#story.push(line);
  }

  fail(complaint: string): never {
    throw new Error(`${this.#story.join('\n')}\n${complaint}`);
  }
}

/** The app that all histories share, and the options with which it is restarted. */
class Home {
  readonly clock = new FakeClock();
  readonly met = new Map<string, number>();
  /** Turns of the event loop for which calls of the store wait. With SQLite alone, no two requests would interleave. */
  pauses: number[] = [];
  test!: TestApp;
  #dataSource!: DataSource;
  #database!: TestDatabase;

  constructor(readonly leeway: number) {}

  async open(): Promise<void> {
    this.#database = await sqliteKind.create();
    await this.start();
  }

  async start(): Promise<void> {
    this.test = await startTestApp({
      database: sqliteKind,
      databaseUrl: this.#database.url,
      clock: this.clock,
      extras: { registration: false },
      options: {
        users: { findByLogin: findUser, findById: findUser },
        store: this.#slowStore(),
        refreshToken: { secret: REFRESH_SECRET, leeway: this.leeway / SECOND },
        revocation: { pollInterval: '1d' },
        purge: { interval: false },
      },
      prepare: (app) => (this.#dataSource = app.get(DataSource)),
    });
  }

  async close(): Promise<void> {
    await this.test.close();
    await this.#database.drop();
  }

  #slowStore(): RefreshTokenStore {
    return new Proxy({} as RefreshTokenStore, {
      get:
        (_, method: keyof RefreshTokenStore) =>
        async (...given: never[]) => {
          for (let left = this.pauses.shift() ?? 0; left > 0; left -= 1) await turn();
          const store = new TypeOrmRefreshTokenStore(this.#dataSource);
          return (store[method] as (...given: never[]) => unknown)(...given);
        },
    });
  }
}
