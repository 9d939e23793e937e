import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { ACCESS_SECRET, REFRESH_SECRET } from './test-secrets.js';

export interface AppProcess {
  url: string;
  process: ChildProcess;
  /** What it printed so far, on both streams. */
  output(): string;
  /** Sets its clock forward. */
  advance(ms: number): Promise<void>;
  /** As an operator would: SIGTERM, and the exit code. */
  stop(): Promise<number | null>;
  /** As the kernel would: SIGKILL, nothing is cleaned up. */
  kill(): Promise<void>;
}

export interface AppProcessOptions {
  databaseUrl: string;
  environment?: Record<string, string>;
  /** Milliseconds that its clock is ahead of ours. */
  clockAheadMs?: number;
}

const LISTENING = /Listening on (http:\S+?)\. /;

/** The reference app as it is built, in a process of its own, on a free port. */
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
  return {
    url,
    process: child,
    output: () => output,
    async advance(ms) {
      const done = Promise.race([once(child, 'message'), exited]);
      child.send({ advanceMs: ms });
      await done;
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
