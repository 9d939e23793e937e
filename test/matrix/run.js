import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { runFlow } from './flow.js';

/**
 * npm run matrix -- [nest versions…]
 *
 * Installs the packed package into an app of each version of Nest, compiles the app as CommonJS and as ES modules, starts
 * it on Express and on Fastify, and does with it what users do: on SQLite, and with TEST_POSTGRES_URL once for each version
 * on PostgreSQL.
 */
const NESTS = {
  10: { nest: '10', jwt: '10', passport: '10', typeorm: '10', orm: '0.3' },
  11: { nest: '11', jwt: '11', passport: '11', typeorm: '11', orm: '0.3' },
  12: { nest: '12', jwt: '12', passport: '12', typeorm: '12', orm: '1' },
};

const here = fileURLToPath(new URL('.', import.meta.url));
const repository = join(here, '../..');
const { TEST_POSTGRES_URL } = process.env;

const wanted = process.argv.slice(2);
const unknown = wanted.filter((version) => !(version in NESTS));
if (unknown.length > 0) fail(`There is no Nest ${unknown.join(', ')} here.`);
const versions = wanted.length > 0 ? wanted : Object.keys(NESTS);

const place = mkdtempSync(join(tmpdir(), 'nestjs-refresh-auth-matrix-'));
let failures = 0;
let runs = 0;
try {
  run('npm', ['pack', '--silent', '--pack-destination', place], repository);
  const { name, version } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const tarball = join(place, `${name}-${version}.tgz`);
  for (const nest of versions) await tryNest(nest, NESTS[nest], tarball);
} finally {
  rmSync(place, { recursive: true, force: true });
}
process.stdout.write(`${runs - failures} of ${runs} runs passed\n`);
if (failures > 0 || runs === 0) process.exitCode = 1;

async function tryNest(version, { nest, jwt, passport, typeorm, orm }, tarball) {
  const folder = join(place, `nest-${version}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const packages = [
    `@nestjs/common@${nest}`,
    `@nestjs/core@${nest}`,
    `@nestjs/platform-express@${nest}`,
    `@nestjs/platform-fastify@${nest}`,
    `@nestjs/jwt@${jwt}`,
    `@nestjs/passport@${passport}`,
    `@nestjs/typeorm@${typeorm}`,
    `typeorm@${orm}`,
    'better-sqlite3@12',
    'pg@8',
    'valibot@1',
    'reflect-metadata@0.2',
    'rxjs@7',
    '@types/node@20',
    tarball,
  ];
  // Without scripts, because the driver would be compiled once more for each version.
  run('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], folder);
  const driver = 'node_modules/better-sqlite3/build';
  cpSync(join(repository, driver), join(folder, driver), { recursive: true });
  for (const type of ['commonjs', 'module']) {
    const app = compiled(folder, type);
    for (const adapter of ['express', 'fastify']) {
      await tryApp(`Nest ${version}, ${adapter}, ${type}, SQLite`, app, { ADAPTER: adapter });
    }
    if (TEST_POSTGRES_URL && type === 'module') {
      await withSchema((environment) =>
        tryApp(`Nest ${version}, express, ${type}, PostgreSQL`, app, environment),
      );
    }
  }
}

async function withSchema(work) {
  const client = new pg.Client({ connectionString: TEST_POSTGRES_URL });
  await client.connect();
  const schema = `matrix_${randomBytes(6).toString('hex')}`;
  try {
    await client.query(`CREATE SCHEMA ${schema}`);
    await work({ DATABASE_URL: TEST_POSTGRES_URL, DATABASE_SCHEMA: schema });
  } finally {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await client.end();
  }
}

function compiled(folder, type) {
  const app = join(folder, type);
  cpSync(join(here, 'app'), join(app, 'src'), { recursive: true });
  writeFileSync(join(app, 'package.json'), JSON.stringify({ private: true, type }));
  const compilerOptions = {
    module: 'nodenext',
    target: 'ES2023',
    rootDir: 'src',
    outDir: 'dist',
    types: ['node'],
    strict: true,
    skipLibCheck: true,
    esModuleInterop: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
  };
  writeFileSync(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  run(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc')], app);
  return app;
}

async function tryApp(title, folder, environment) {
  runs += 1;
  const port = await freePort();
  const child = spawn(process.execPath, ['dist/main.js'], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      ACCESS_TOKEN_SECRET: secret(),
      REFRESH_TOKEN_SECRET: secret(),
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part));
  try {
    const url = `http://127.0.0.1:${port}`;
    await listening(url, child);
    const steps = await runFlow(url);
    process.stdout.write(`${title}: ${steps.length} steps\n`);
  } catch (error) {
    failures += 1;
    process.stdout.write(`${title}: FAILED at ${error.message}\n${output}\n`);
  } finally {
    if (child.exitCode === null) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
  }
}

function secret() {
  return randomBytes(48).toString('base64url');
}

async function listening(url, child) {
  for (let left = 1200; left > 0; left -= 1) {
    if (child.exitCode !== null) throw new Error(`the start: it ended with ${child.exitCode}`);
    try {
      await fetch(url);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  throw new Error('the start: nothing listens');
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

function run(command, given, cwd) {
  const { status, stdout, stderr } = spawnSync(command, given, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${given.join(' ')}\n${stdout}\n${stderr}`);
}

function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}
