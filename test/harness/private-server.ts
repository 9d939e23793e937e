import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** A database server for one test, which may stop, crash and restart it without disturbing others. */
export interface PrivateServer {
  port: number;
  /** The URL, in the form of the reference app's DATABASE_URL. */
  url: string;
  start(): Promise<void>;
  /** Stops it as an operator would: committed data is there again after the next start. */
  stop(): Promise<void>;
  /** Crashes it without notice. It recovers at the next start. */
  crash(): Promise<void>;
  /** Stops it and deletes its data. */
  dispose(): Promise<void>;
}

export interface ServerProgram {
  command: string;
  arguments: string[];
  options: SpawnOptions;
  stopSignal: NodeJS.Signals;
  crashSignal: NodeJS.Signals;
  /** Resolves once a client can connect, and rejects as long as none can. */
  tryToConnect(): Promise<void>;
}

/** A folder with a path that is short enough for a socket in it. */
export function serverFolder(): string {
  return mkdtempSync(join(tmpdir(), 'server-'));
}

export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Runs a program to its end. */
export async function run(command: string, args: string[], options: SpawnOptions): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  child.stdout!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${output}`);
}

/** Starts a server in the foreground, as a child, so that it can't outlive the tests. */
export async function startPrivateServer(
  program: ServerProgram,
  { folder, port, url }: { folder: string; port: number; url: string },
): Promise<PrivateServer> {
  let child: ChildProcess | undefined;
  let output = '';
  const read = (chunk: Buffer) => (output += chunk.toString());
  const killOnExit = () => child?.kill('SIGKILL');
  process.once('exit', killOnExit);

  async function start(): Promise<void> {
    child = spawn(program.command, program.arguments, {
      ...program.options,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    for (;;) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`${program.command} ended: ${output}`);
      }
      try {
        return await program.tryToConnect();
      } catch {
        await pause(50);
      }
    }
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  }

  await start();
  return {
    port,
    url,
    start,
    stop: () => end(program.stopSignal),
    crash: () => end(program.crashSignal),
    async dispose() {
      await end(program.crashSignal);
      process.removeListener('exit', killOnExit);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}
