import { exec } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runToExit } from '../harness/run-to-exit.js';
import { startAppProcess } from '../harness/app-process.js';
import { sqliteKind, type TestDatabase } from '../harness/databases.js';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from '../harness/test-secrets.js';

const itself = (output: string) => output;

const SECRETS = { ACCESS_TOKEN_SECRET: ACCESS_SECRET, REFRESH_TOKEN_SECRET: REFRESH_SECRET };

describe('the reference app treats as production', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await sqliteKind.create();
  });
  afterAll(() => database.drop());

  /** The pages that only developers should see, and the cookie that a registration sets. */
  async function shown(environment: Record<string, string>) {
    const app = await startAppProcess({ databaseUrl: database.url, environment });
    const url = app.url.replace('0.0.0.0', 'localhost').replace('[::]', 'localhost');
    const statuses: number[] = [];
    for (const path of ['/', '/docs', '/docs-json', '/demo/down']) {
      const { status } = await fetch(url + path);
      statuses.push(status);
    }
    const body = JSON.stringify({ username: `u${process.hrtime.bigint()}`, password: PASSWORD });
    const headers = { 'content-type': 'application/json' };
    const registered = await fetch(`${url}/auth/register`, { method: 'POST', headers, body });
    const broken = await fetch(`${url}/%`);
    const output = app.output();
    await app.stop();
    const [cookie] = registered.headers.getSetCookie();
    return { statuses, cookie, output, broken: await broken.text() };
  }

  it.each([
    { NODE_ENV: 'Production' },
    { NODE_ENV: 'production ' },
    { NODE_ENV: 'staging' },
    { NODE_ENV: 'dev' },
    { NODE_ENV: '' },
    { HOST: '0.0.0.0' },
    { HOST: '::' },
  ])('%j', async (environment) => {
    const { statuses, cookie, output, broken } = await shown(environment as Record<string, string>);
    expect(statuses).toEqual([404, 404, 404, 404]);
    expect(cookie).toMatch(/^__Host-refresh_token=.*; Secure/);
    expect(output).not.toContain('See it work');
    expect(broken).not.toMatch(/node_modules|at .*\.js/);
  });

  it.each([
    [{}, false],
    [{ NODE_ENV: 'test' }, false],
    [{ NODE_ENV: 'development', HOST: '0.0.0.0' }, true],
  ])('and treats as development %j', async (environment, isReachable) => {
    const { statuses, cookie, output } = await shown(environment as Record<string, string>);
    expect(statuses.slice(0, 3)).toEqual([200, 200, 200]);
    expect(cookie).toMatch(/^refresh_token=/);
    expect(cookie).not.toMatch(/Secure/);
    expect(output).toContain('See it work');
    expect(output.includes('others can reach HOST 0.0.0.0')).toBe(isReachable);
    expect(output).not.toContain('in production');
  });
});

describe('the reference app that starts', () => {
  let database: TestDatabase;
  let folder: string;
  beforeAll(async () => {
    database = await sqliteKind.create();
    folder = await mkdtemp(join(tmpdir(), 'nestjs-refresh-auth-first-run-'));
  });
  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  /** What it has printed when it is ready, and what a story finds while it runs. */
  async function started<T>(environment: Record<string, string>, story: (output: string) => T) {
    const app = await startAppProcess({ databaseUrl: database.url, environment });
    try {
      return await story(app.output());
    } finally {
      await app.stop();
    }
  }

  it('prints where its page and its API are, and a command that registers, and nothing else', () =>
    started({}, async (output) => {
      const lines = output.split('\n');
      const url = /^Listening on (\S+)\. See it work:$/.exec(lines[1]!)![1]!;
      const [page, docs, command] = lines.slice(3, 6).map((line) => line.trim());
      expect(lines).toHaveLength(7);
      expect([page!.split(' ')[0], docs!.split(' ')[0]]).toEqual([`${url}/`, `${url}/docs`]);
      expect((await fetch(page!.split(' ')[0]!)).status).toBe(200);
      expect((await fetch(docs!.split(' ')[0]!)).status).toBe(200);
      const { stdout, stderr } = await promisify(exec)(command!, { cwd: folder });
      expect(stdout).toMatch(/^\{"accessToken":.*\}\n$/);
      expect(stderr).toBe('');
      expect(await readFile(join(folder, 'cookies.txt'), 'utf8')).toContain('refresh_token');
    }));

  it('stops although its page is open, which keeps a connection', async () => {
    const app = await startAppProcess({ databaseUrl: database.url });
    const page = new AbortController();
    try {
      const { status } = await fetch(`${app.url}/demo/audit`, { signal: page.signal });
      expect(status).toBe(200);
      await app.stop();
      expect(app.process.signalCode).toBe('SIGTERM');
    } finally {
      page.abort();
      await app.kill();
    }
  });

  it('never leaves out a warning', async () => {
    const output = await started({ HOST: '0.0.0.0', NODE_ENV: 'development' }, itself);
    expect(output).toMatch(/^.* WARN.*others can reach HOST 0\.0\.0\.0.*\n\nListening on /);
  });

  it('lists its routes in production, and ends with its address', async () => {
    const output = await started({ NODE_ENV: 'production' }, itself);
    expect(output).toContain('Mapped {/auth/login, POST} route');
    expect(output).toMatch(/\n\nListening on \S+\. \n$/);
  });
});

describe('the reference app that can’t start prints one sentence and no stack:', () => {
  let folder: string;
  let taken: Server;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nestjs-refresh-auth-boot-'));
    await writeFile(join(folder, 'notes.txt'), 'No database, but as long as one. '.repeat(50));
    await mkdir(join(folder, 'bad'));
    await writeFile(join(folder, 'bad', 'development-secrets.json'), '{"access":');
    taken = createServer();
    await new Promise<void>((resolve) => {
      taken.listen(0, '127.0.0.1', resolve);
    });
  });
  afterAll(async () => {
    taken.close();
    await rm(folder, { recursive: true });
  });

  const port = () => String((taken.address() as AddressInfo).port);
  const MUST_BE_SET = /^ACCESS_TOKEN_SECRET and REFRESH_TOKEN_SECRET must be set, .* in production/;

  it.each<[string, () => Record<string, string>, RegExp]>([
    ['a port that is none', () => ({ PORT: '99999' }), /^PORT is "99999"/],
    [
      'a port that is taken',
      () => ({ PORT: port() }),
      /^Can not listen on 127\.0\.0\.1 port \d+: .*set PORT/,
    ],
    [
      'a host that is not here',
      () => ({ HOST: '192.0.2.1', ...SECRETS }),
      /^Can not listen on 192\.0\.2\.1.*set HOST/,
    ],
    [
      'a secret that anybody guesses',
      () => ({ ...SECRETS, ACCESS_TOKEN_SECRET: 'secret' }),
      /accessToken\.secret .* In the environment: ACCESS_TOKEN_SECRET\.$/m,
    ],
    [
      'one secret for both',
      () => ({ ACCESS_TOKEN_SECRET: ACCESS_SECRET, REFRESH_TOKEN_SECRET: ACCESS_SECRET }),
      /In the environment: (ACCESS|REFRESH)_TOKEN_SECRET/,
    ],
    [
      'a lifetime without a unit',
      () => ({ ...SECRETS, ACCESS_TOKEN_EXPIRY: '15' }),
      /"15" is not a duration: give it a unit, .* In the environment: ACCESS_TOKEN_EXPIRY\.$/m,
    ],
    [
      'a leeway without a unit',
      () => ({ ...SECRETS, REFRESH_TOKEN_LEEWAY: '30' }),
      /"30" is not a duration: .* In the environment: REFRESH_TOKEN_LEEWAY\.$/m,
    ],
    [
      'an origin that is none',
      () => ({ ...SECRETS, CORS_ORIGIN: 'app.example.com' }),
      /not an origin: .* In the environment: CORS_ORIGIN\.$/m,
    ],
    ['limits that are neither', () => ({ LOGIN_LIMITS: 'no' }), /^LOGIN_LIMITS is "no"/],
    ['production without secrets', () => ({ NODE_ENV: 'production' }), MUST_BE_SET],
    [
      'what is taken for it',
      () => ({ NODE_ENV: 'prod' }),
      /because NODE_ENV is "prod" \(NODE_ENV=development says/,
    ],
    [
      'the same by its host',
      () => ({ HOST: '0.0.0.0' }),
      /because NODE_ENV is not set and others can reach HOST 0\.0\.0\.0/,
    ],
    [
      'a short secret',
      () => ({ ...SECRETS, ACCESS_TOKEN_SECRET: 'abc' }),
      /accessToken\.secret has 3 bytes/,
    ],
    [
      'one secret twice',
      () => ({ ...SECRETS, REFRESH_TOKEN_SECRET: ACCESS_SECRET }),
      /must all differ/,
    ],
    [
      'no duration',
      () => ({ ACCESS_TOKEN_EXPIRY: '900' }),
      /accessToken\.expiresIn: "900" is not a duration/,
    ],
    ['no origin', () => ({ CORS_ORIGIN: 'nonsense' }), /allowedOrigins has "nonsense"/],
    [
      'a database of no kind',
      () => ({ DATABASE_URL: 'redis://127.0.0.1' }),
      /^DATABASE_URL must start with/,
    ],
    [
      'a database that is no database',
      () => ({ DATABASE_URL: `sqlite:${folder}/notes.txt` }),
      /^The database of DATABASE_URL can not be opened: file is not a database\./,
    ],
    [
      'a database server that is not there',
      () => ({ DATABASE_URL: `postgres://u:hidden@127.0.0.1:1/x` }),
      /^The database of DATABASE_URL can not be opened: connect ECONNREFUSED 127\.0\.0\.1:1\./,
    ],
    [
      'secrets that are none',
      () => ({ DATABASE_URL: `sqlite:${folder}/bad/x.sqlite` }),
      /development-secrets\.json does not hold the two secrets .* delete it/,
    ],
  ])('%s', async (_what, environment, sentence) => {
    const { code, stdout, stderr } = await runToExit({ PORT: '0', ...environment() }, folder);
    expect(stderr).toMatch(sentence);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(stdout).not.toMatch(/^ +at |ExceptionHandler|hidden/m);
    expect(stderr).not.toContain('hidden');
    expect(code).toBe(1);
  });
});
