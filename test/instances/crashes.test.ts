import { afterEach, describe, expect, it } from '@jest/globals';
import { startAppProcess, type AppProcess } from '../harness/app-process.js';
import { databaseKinds, type TestDatabase } from '../harness/databases.js';
import { generationsOf } from '../harness/generations.js';
import { cookieSetBy, HttpClient, type HttpResponse } from '../harness/http-client.js';
import { retryWhileBusy } from '../harness/retry-while-busy.js';
import { PASSWORD } from '../harness/test-secrets.js';

const COOKIE = 'refresh_token';
const SESSIONS = 60;
const KILLS = 10;
/** Longer than a restart takes, however slow the machine. */
const LEEWAY_MS = 600_000;

/** One browser: its token, and the response to every token that it has presented. */
interface Session {
  token: string;
  accessToken: string;
  successors: Map<string, Set<string>>;
}

describe.each(databaseKinds)('a process killed while sessions refresh, on $name', (kind) => {
  let database: TestDatabase;
  let app: AppProcess;

  afterEach(async () => {
    await app.kill();
    await database.drop();
  });

  it(`logs nobody out and gives no token two successors, ${KILLS} times`, async () => {
    database = await kind.create();
    let clockAheadMs = 0;
    // The clock is set once it runs, because at its start the app compares it with the database's.
    const start = async () => {
      app = await startAppProcess({
        databaseUrl: database.url,
        environment: { REFRESH_TOKEN_LEEWAY: `${LEEWAY_MS}ms` },
      });
      await app.advance(clockAheadMs);
    };
    await start();
    const sessions = await loggedInSessions(app);
    const count = { responseOf: 0, inDoubt: 0, committedInDoubt: 0 };

    for (let kill = 0; kill < KILLS; kill += 1) {
      // Two tabs each, so that a fork would show.
      const requests = sessions.flatMap((session) => [
        present(app, session),
        present(app, session),
      ]);
      await someOf(requests, 1 + Math.floor((kill / KILLS) * requests.length));
      await app.kill();
      const responses = (await Promise.allSettled(requests)).filter(hasResponse);
      // A 503 is no logout: clients retry, which all do below.
      expect(responses.filter(({ value }) => ![200, 503].includes(value.status))).toEqual([]);
      count.responseOf += responses.filter(({ value }) => value.status === 200).length;
      count.inDoubt += requests.length - responses.length;

      await start();
      const generations = await generationsOf(database.url, sessions);
      for (const [i, { token }] of sessions.entries()) {
        if (generations[i] !== generationOf(token)) count.committedInDoubt += 1;
      }

      const statuses = await Promise.all(
        sessions.map(async (session) => {
          const response = await retryWhileBusy(() => present(app, session));
          return [response.status, response.body.code];
        }),
      );
      expect(statuses).toEqual(sessions.map(() => [200, undefined]));
      expect(await generationsOf(database.url, sessions)).toEqual(
        sessions.map(({ token }) => generationOf(token)),
      );
      for (const session of sessions) expectSingleChain(session);
      await app.advance(LEEWAY_MS);
      clockAheadMs += LEEWAY_MS;
    }
    expect(count.responseOf).toBeGreaterThan(0);
    expect(count.inDoubt).toBeGreaterThan(0);
    // In SQLite hardly any time passes between commit and response.
    expect(count.committedInDoubt > 0 || kind.name === 'SQLite').toBe(true);
    expect(new Set(sessions.map(({ token }) => generationOf(token)))).toEqual(new Set([KILLS]));
  });
});

async function loggedInSessions({ url }: AppProcess): Promise<Session[]> {
  const body = { username: 'ada', password: PASSWORD };
  expect((await new HttpClient(url).post('/auth/register', { body })).status).toBe(201);
  return Promise.all(
    Array.from({ length: SESSIONS }, async () => {
      const response = await new HttpClient(url).post('/auth/login', { body });
      expect(response.status).toBe(200);
      return {
        token: cookieSetBy(response, COOKIE)!,
        accessToken: response.body.accessToken as string,
        successors: new Map(),
      };
    }),
  );
}

/** Sends the current token of the session, and keeps the successor if there is one. */
async function present(running: AppProcess, session: Session): Promise<HttpResponse> {
  const { token } = session;
  const response = await new HttpClient(running.url).post('/auth/refresh', {
    cookie: `${COOKIE}=${token}`,
  });
  const successor = cookieSetBy(response, COOKIE);
  if (successor) {
    session.token = successor;
    const before = session.successors.get(token) ?? new Set();
    session.successors.set(token, before.add(successor));
  }
  return response;
}

/** Checks that no token has two successors, and each successor is the next generation. */
function expectSingleChain({ successors }: Session): void {
  for (const [token, [successor, ...others]] of successors) {
    expect(others).toEqual([]);
    expect(generationOf(successor!)).toBe(generationOf(token) + 1);
  }
}

function generationOf(refreshToken: string): number {
  const payload = Buffer.from(refreshToken.split('.')[1]!, 'base64url').toString();
  return (JSON.parse(payload) as { gen: number }).gen;
}

function hasResponse(
  result: PromiseSettledResult<HttpResponse>,
): result is PromiseFulfilledResult<HttpResponse> {
  return result.status === 'fulfilled';
}

/** Resolves when this many of them have resolved. */
async function someOf(promises: Promise<unknown>[], enough: number): Promise<void> {
  let missing = enough;
  await new Promise<void>((resolve, reject) => {
    const countDown = async (promise: Promise<unknown>) => {
      await promise;
      missing -= 1;
      if (missing === 0) resolve();
    };
    for (const promise of promises) countDown(promise).catch(reject);
  });
}
