import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

/** Runs the built reference app with only this environment, until it ends by itself. */
export async function runToExit(environment: Record<string, string>, cwd = process.cwd()) {
  const main = `${process.cwd()}/dist/src/app/main.js`;
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    cwd,
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 250_000,
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ]);
  return { code, stdout, stderr };
}
