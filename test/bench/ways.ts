import { Session, type Profiler } from 'node:inspector';
import { sqliteKind } from '../harness/databases.js';
import { PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

/**
 * How much of this package one request runs through, by V8's precise coverage: files and functions of `src/`, without the
 * reference app and the code that is only for tests.
 *
 * npm run ways [-- --list --adapter=fastify]
 */
const isListed = process.argv.includes('--list');
const adapter = process.argv.includes('--adapter=fastify') ? 'fastify' : 'express';

/** The URL of the compiled source, as V8 names it. */
const SOURCE = new URL('../../src/', import.meta.url).href;
const NOT_MEASURED = /^(app|testing|client)\//;

/** For each file, the functions that were called. */
type Way = Map<string, string[]>;

const inspector = new Session();
inspector.connect();

function command<T>(method: string, parameters: object = {}): Promise<T> {
  return new Promise((resolve, reject) => {
    inspector.post(method, parameters, (error, result) => {
      if (error) reject(new Error(error.message));
      else resolve(result as T);
    });
  });
}

async function wayOf(request: () => Promise<{ status: number }>): Promise<Way> {
  await command('Profiler.enable');
  await command('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  const { status } = await request();
  const { result } = await command<Profiler.TakePreciseCoverageReturnType>(
    'Profiler.takePreciseCoverage',
  );
  await command('Profiler.disable');
  if (status >= 300) throw new Error(`The measured request has failed: ${status}`);
  const way: Way = new Map();
  for (const { url, functions } of result) {
    const file = url.startsWith(SOURCE) ? url.slice(SOURCE.length).replace(/\.js$/, '.ts') : null;
    if (file === null || NOT_MEASURED.test(file)) continue;
    const called = functions.filter(({ ranges }) => ranges[0]!.count > 0);
    if (called.length > 0) {
      way.set(
        file,
        called.map(({ functionName }) => functionName || '(anonymous)'),
      );
    }
  }
  return way;
}

async function measure(test: TestApp): Promise<[name: string, way: Way][]> {
  const { client, username } = await test.loggedIn();
  const login = async () => {
    const response = await client.post('/auth/login', { body: { username, password: PASSWORD } });
    return { ...response, bearer: response.body.accessToken as string };
  };
  const refresh = () => client.post('/auth/refresh');
  const guarded = (bearer: string) => client.get('/guarded', { bearer });
  // Work that is done only once, for example preparing a statement, does not count.
  for (let i = 0; i < 3; i += 1) {
    const { bearer } = await login();
    await guarded(bearer);
    await guarded(bearer);
    for (let j = 0; j < 3; j += 1) {
      test.clock.advance({ minutes: 1 });
      await refresh();
    }
    await refresh();
  }
  test.clock.advance({ minutes: 1 });
  const ways: [string, Way][] = [];
  const rotating = await client.jar.getCookieString(client.url);
  ways.push(['refresh that rotates', await wayOf(refresh)]);
  ways.push(['refresh that renews', await wayOf(refresh)]);
  ways.push([
    'refresh that replays',
    await wayOf(() => client.post('/auth/refresh', { cookie: rotating })),
  ]);
  ways.push(['login', await wayOf(login)]);
  const { bearer } = await login();
  ways.push(['guarded GET, first', await wayOf(() => guarded(bearer))]);
  ways.push(['guarded GET, again', await wayOf(() => guarded(bearer))]);
  return ways;
}

const test = await startTestApp({
  adapter,
  database: sqliteKind,
  options: { revocation: { pollInterval: '1h' } },
});
try {
  process.stdout.write('| request | files | functions |\n|---|---|---|\n');
  for (const [name, way] of await measure(test)) {
    const functions = [...way.values()].flat().length;
    process.stdout.write(`| ${name} | ${way.size} | ${functions} |\n`);
    if (!isListed) continue;
    for (const [file, names] of way) process.stdout.write(`    ${file}: ${names.join(', ')}\n`);
  }
} finally {
  await test.close();
  inspector.disconnect();
}
