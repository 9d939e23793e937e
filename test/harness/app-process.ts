import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { ACCESS_SECRET, REFRESH_SECRET } from './test-secrets.js';

export interface AppProcess {
  url: string;
  process: ChildProcess;
  /** Its output so far, on both streams. */
  output(): string;
  /** Sets its clock forward. */
  advance(ms: number): Promise<void>;
  /** Milliseconds since it started, by its own timers: on a machine that is overloaded they pass more slowly. */
  livedMs(): Promise<number>;
  /** Waits until it has run for this many milliseconds more. */
  waitFor(ms: number): Promise<void>;
  /** Stops it with SIGTERM, as an operator would. Returns the exit code. */
  stop(): Promise<number | null>;
  /** Kills it with SIGKILL, so that nothing is cleaned up. */
  kill(): Promise<void>;
}

export interface AppProcessOptions {
  databaseUrl: string;
  environment?: Record<string, string>;
  /** Milliseconds that its clock is ahead of ours. */
  clockAheadMs?: number;
}

const LISTENING = /Listening on (http:\S+?)\. /;

/** The built reference app in its own process, on a free port. */
export async function startAppProcess(options: AppProcessOptions): Promise<AppProcess> {
  const shift = new URL('./shift-clock.mjs', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', shift, 'dist/src/app/main.js'], {
    env: {
      PATH: process.env.PATH,
      TZ: process.env.TZ,
      PORT: '0',
      DATABASE_URL: options.databaseUrl,
      ACCESS_TOKEN_SECRET: ACCESS_SECRET,
      REFRESH_TOKEN_SECRET: REFRESH_SECRET,
      LOGIN_LIMITS: 'off',
      CLOCK_AHEAD_MS: String(options.clockAheadMs ?? 0),
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const exited = once(child, 'exit');
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      const found = LISTENING.exec(output);
      if (found !== null) resolve(found[1]!.replace('127.0.0.1', 'localhost'));
    };
    child.stdout!.on('data', read);
    child.stderr!.on('data', read);
    child.once('exit', (code) => reject(new Error(`The app ended with ${code}: ${output}`)));
  });
  let messages = 0;
  /** Sets the clock forward, and returns how long the process has run; Infinity if it is dead. */
  const send = (advanceMs: number) =>
    new Promise<number>((resolve) => {
      const id = (messages += 1);
      const read = (message: { id: number; livedMs: number }) => {
        if (message.id !== id) return;
        child.off('message', read);
        resolve(message.livedMs);
      };
      child.setMaxListeners(0).on('message', read);
      void exited.then(() => resolve(Infinity));
      child.send({ id, advanceMs });
    });
  return {
    url,
    process: child,
    output: () => output,
    async advance(ms) {
      await send(ms);
    },
    livedMs: () => send(0),
    async waitFor(ms) {
      const end = (await send(0)) + ms;
      while ((await send(0)) < end) await pause(20);
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await exited;
      }
      return child.exitCode;
    },
    async kill() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await exited;
    },
  };
}
