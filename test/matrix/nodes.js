import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './commands.js';

/**
 * Installs Node from a package of npm that has it for this system.
 * @param {string} place
 * @param {string} version of Node
 * @returns {Promise<{ title: string, node: string }>} `node` is its binary
 */
export async function installedNode(place, version) {
  const name = `node-${process.platform}-${process.arch}`;
  const folder = join(place, `node-${version}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  await run(`npm install --no-audit --no-fund ${name}@${version}`, { cwd: folder });
  return { title: `Node ${version}`, node: join(folder, 'node_modules', name, 'bin/node') };
}

/**
 * Compiles the SQLite driver for a Node: a compiled driver works with one version only.
 * @param {string} node its binary
 * @param {string} driver folder of the package to copy
 * @returns {Promise<string>} the folder of the compiled package
 */
export async function driverFor(node, driver) {
  const bin = dirname(node);
  const folder = join(bin, '../driver/node_modules/better-sqlite3');
  cpSync(driver, folder, { recursive: true });
  // Where npm sets this, it names the headers of another Node.
  const env = { PATH: `${bin}:${process.env.PATH}`, npm_config_nodedir: join(bin, '..') };
  await run('npm run build-release', { cwd: folder, env });
  return folder;
}
