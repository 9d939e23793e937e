import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { dirname } from 'node:path';

/**
 * Runs a command to its end.
 * @param {string} command with its arguments, separated by single spaces
 * @param {{ cwd: string, env?: Record<string, string> }} options `env` is added to the environment
 * @returns {Promise<string>} what it printed
 * @throws {Error} with what it printed, if it failed
 */
export async function run(command, { cwd, env = {} }) {
  const [program, ...given] = command.split(' ');
  const child = spawn(program, given, { cwd, env: { ...process.env, ...env }, stdio: PIPED });
  const printed = outputOf(child);
  const [status] = await once(child, 'close');
  if (status !== 0) throw new Error(`${command}\n${printed()}`);
  return printed();
}

/**
 * Starts a server on a free port, and stops it after the work.
 * @param {string[]} command program and arguments; it must listen on the PORT of its environment
 * @param {{ cwd: string, env: Record<string, string>, node?: string }} options `node` is the binary of the Node to run it
 * @param {(url: string) => Promise<void>} work
 * @throws {Error} with what the server printed, if the work fails or nothing listens
 */
export async function withServer(command, { cwd, env, node = process.execPath }, work) {
  const port = await freePort();
  const PATH = `${dirname(node)}:${process.env.PATH}`;
  const [program, ...given] = command;
  const options = { cwd, env: { PATH, PORT: String(port), ...env }, stdio: PIPED, detached: true };
  const child = spawn(program, given, options);
  const printed = outputOf(child);
  try {
    const url = `http://127.0.0.1:${port}`;
    await listening(url, child);
    await work(url);
  } catch (error) {
    throw new Error(`${error.message}\n${printed()}`, { cause: error });
  } finally {
    if (child.exitCode === null) {
      // The whole group: npm is the parent of the server that it starts.
      process.kill(-child.pid, 'SIGTERM');
      await once(child, 'close');
    }
  }
}

const PIPED = ['ignore', 'pipe', 'pipe'];

function outputOf(child) {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part));
  return () => output;
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
