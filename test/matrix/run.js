import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from './commands.js';
import { compile, tryMatrixApp } from './matrix-app.js';
import { lowestNode, lowestPackages } from './lowest.js';
import { driverFor, installedNode } from './nodes.js';
import { templateApp, tryTemplateApp } from './template-app.js';

/**
 * npm run matrix -- [--all] [--tarball file] [nest versions…]
 *
 * For each version of Nest: makes the app of `nest new`, installs what README.md says and the packed package, and runs the
 * template's own tests. Then compiles the app in app/ as CommonJS and as ES modules, starts it on Express and on Fastify,
 * and does with it what users do (flow.js): on SQLite, with TEST_POSTGRES_URL on PostgreSQL with each version of Node, and
 * once more with the lowest versions that package.json allows.
 *
 * --all: SQLite with each version of Node too, whose driver is compiled for each; and nothing is spared in the install.
 * --tarball: the packed package, which it makes itself otherwise.
 */
const NESTS = ['10', '11', '12'];
/** Besides the Node that runs this. */
const NODES = ['22', '24'];

const repository = fileURLToPath(new URL('../..', import.meta.url));
const sqlite = 'node_modules/better-sqlite3';
const postgres = process.env.TEST_POSTGRES_URL;

const { values, positionals: wanted } = parseArgs({
  options: { all: { type: 'boolean' }, tarball: { type: 'string' } },
  allowPositionals: true,
});
const isAll = values.all === true;
const unknown = wanted.filter((word) => !NESTS.includes(word));
if (unknown.length > 0) {
  process.stderr.write(`There is no Nest ${unknown.join(', ')} here.\n`);
  process.exit(1);
}

const place = mkdtempSync(join(tmpdir(), 'nestjs-refresh-auth-matrix-'));
let passed = 0;
let failed = 0;
let lowest;
const nodes = [];
try {
  const tarball = resolve(values.tarball ?? (await packed()));
  lowest = await installedNode(place, lowestNode);
  for (const version of NODES) nodes.push(await installedNode(place, version));
  if (postgres === undefined) {
    const notRun = 'Not run: PostgreSQL, and other versions of Node on it. Set TEST_POSTGRES_URL.';
    if (process.env.CI) throw new Error(notRun);
    say(notRun);
  }
  const waiting = wanted.length > 0 ? wanted : [...NESTS];
  const workThrough = async () => {
    for (let nest = waiting.shift(); nest !== undefined; nest = waiting.shift()) {
      await tryNest(nest, tarball);
    }
  };
  await Promise.all([workThrough(), workThrough()]);
} finally {
  rmSync(place, { recursive: true, force: true });
}
say(`${passed} of ${passed + failed} runs passed`);
if (failed > 0 || passed === 0) process.exitCode = 1;

async function packed() {
  const printed = await run(`npm pack --silent --pack-destination ${place}`, { cwd: repository });
  return join(place, printed.trim().split('\n').at(-1));
}

async function tryNest(nest, tarball) {
  let folder;
  await attempt(`Nest ${nest}, the app of nest new`, async () => {
    const further = [`@nestjs/platform-fastify@${nest}`, 'pg@8', 'valibot@1'];
    // Without scripts, because the driver is compiled already, in this repository.
    const flags = `--no-audit --no-fund${isAll ? '' : ' --ignore-scripts'}`;
    folder = await templateApp({ place, nest, tarball, further, flags });
    if (!isAll) useDriver(folder, join(repository, sqlite));
    return tryTemplateApp(folder);
  });
  if (folder === undefined) return;
  for (const type of ['commonjs', 'module']) {
    const app = join(folder, type);
    if (!(await attempt(`Nest ${nest}, ${type}, compiles`, () => compile(folder, type)))) continue;
    const start = (title, how) => attemptFlow(`Nest ${nest}, ${type}, ${title}`, app, how);
    for (const adapter of ['express', 'fastify']) await start(`${adapter}, SQLite`, { adapter });
    if (postgres === undefined) continue;
    const how = { adapter: 'express', postgres };
    await start('express, PostgreSQL', how);
    for (const { title, node } of nodes) await start(`PostgreSQL, ${title}`, { ...how, node });
  }
  if (isAll) await tryOtherNodesOnSqlite(nest, folder);
  await tryLowest(nest, folder);
}

async function tryLowest(nest, folder) {
  const title = `Nest ${nest}, the lowest versions of all peers and of Node`;
  // By force: the first Nest 12 said by mistake that it wants parts of Nest 11.
  const install = `npm install --ignore-scripts --no-audit --no-fund --save-exact --force`;
  const isInstalled = await attempt(`${title}, installed`, async () => {
    await run([install, ...lowestPackages(nest)].join(' '), { cwd: folder });
    useDriver(folder, join(repository, sqlite));
  });
  if (!isInstalled) return;
  for (const type of ['commonjs', 'module']) {
    for (const adapter of ['express', 'fastify']) {
      const how = { adapter, node: lowest.node };
      await attemptFlow(`${title}, ${type}, ${adapter}, SQLite`, join(folder, type), how);
    }
  }
}

async function tryOtherNodesOnSqlite(nest, folder) {
  for (const { title, node } of nodes) {
    useDriver(folder, await driverFor(node, join(repository, sqlite)));
    for (const type of ['commonjs', 'module']) {
      const how = { adapter: 'express', node };
      await attemptFlow(`Nest ${nest}, ${type}, SQLite, ${title}`, join(folder, type), how);
    }
  }
}

function attemptFlow(title, app, how) {
  return attempt(title, async () => [`${(await tryMatrixApp(app, how)).length} steps`]);
}

async function attempt(title, work) {
  try {
    const done = (await work()) ?? [];
    say([title, ...done].join(', '));
    passed += 1;
    return true;
  } catch (error) {
    say(`${title}: FAILED at ${error.message}`);
    failed += 1;
    return false;
  }
}

function useDriver(folder, driver) {
  rmSync(join(folder, sqlite), { recursive: true, force: true });
  cpSync(driver, join(folder, sqlite), { recursive: true });
}

function say(line) {
  process.stdout.write(`${line}\n`);
}
