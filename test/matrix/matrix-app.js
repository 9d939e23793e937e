import { randomBytes } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { run, withServer } from './commands.js';
import { runFlow } from './flow.js';
import { newSecrets } from './secrets.js';

/**
 * Compiles the app in app/.
 * @param {string} folder with the packages; the app gets a folder in it, named for its type
 * @param {'commonjs' | 'module'} type of its files
 */
export async function compile(folder, type) {
  const app = join(folder, type);
  cpSync(fileURLToPath(new URL('app', import.meta.url)), join(app, 'src'), { recursive: true });
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
  const compiler = new URL('../../node_modules/typescript/bin/tsc', import.meta.url);
  await run(`${process.execPath} ${fileURLToPath(compiler)}`, { cwd: app });
}

/**
 * @param {string} folder of a compiled app
 * @param {{ adapter: 'express' | 'fastify', postgres?: string, node?: string }} how `postgres` is the URL of a database in
 *   which it gets a schema of its own, instead of SQLite; `node` another Node's binary
 * @returns {Promise<string[]>} the steps of the flow that held: all, or it throws
 */
export async function tryMatrixApp(folder, { adapter, postgres, node }) {
  let steps;
  const serve = (database) =>
    withServer(
      ['node', 'dist/main.js'],
      { cwd: folder, node, env: { ...newSecrets(), ADAPTER: adapter, ...database } },
      async (url) => {
        steps = await runFlow(url);
      },
    );
  await (postgres === undefined ? serve({}) : withSchema(postgres, serve));
  return steps;
}

async function withSchema(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const schema = `matrix_${randomBytes(6).toString('hex')}`;
  try {
    await client.query(`CREATE SCHEMA ${schema}`);
    await work({ DATABASE_URL: url, DATABASE_SCHEMA: schema });
  } finally {
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`);
    await client.end();
  }
}
