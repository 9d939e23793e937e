import { fork, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Servers run on one core, the load on another. */
export const SERVER_CORE = 0;
export const CLIENT_CORE = 1;

/** Whether processes can be bound to a core on this machine. */
export const canPin = spawnSync('taskset', ['--version']).status === 0;

/** A program beside this file, in a separate process that communicates by messages. */
export function startProgram(
  path: string,
  core: number,
  environment: Record<string, string> = {},
  flags: string[] = [],
): ChildProcess {
  const file = fileURLToPath(new URL(path, import.meta.url));
  const env = { ...process.env, ...environment };
  // The server's output goes to stderr, because the results may be JSON.
  const stdio: ['ignore', number, number, 'ipc'] = ['ignore', 2, 2, 'ipc'];
  const execArgv = ['--enable-source-maps', '--expose-gc', ...flags, ...profiling(core)];
  if (!canPin) return fork(file, { env, stdio, execArgv });
  return spawn('taskset', ['-c', String(core), process.execPath, ...execArgv, file], {
    env,
    stdio,
  });
}

/** The next message of a program; rejects if the program ends before. */
export async function messageFrom<T>(program: ChildProcess): Promise<T> {
  const gone = new AbortController();
  try {
    return await Promise.race([
      once(program, 'message', { signal: gone.signal }).then(([message]) => message as T),
      once(program, 'exit', { signal: gone.signal }).then(([code]) => {
        throw new Error(`The program ended (${code}) without a word.`);
      }),
    ]);
  } finally {
    gone.abort();
  }
}

export async function endOf(program: ChildProcess): Promise<void> {
  if (program.exitCode !== null) return;
  const ended = once(program, 'exit');
  program.kill('SIGTERM');
  await ended;
}

/** For profiles: `SERVER_FLAGS="--cpu-prof --cpu-prof-dir=profiles" npm run bench -- guard_vs_bare`. */
function profiling(core: number): string[] {
  const { SERVER_FLAGS } = process.env;
  return core === SERVER_CORE && SERVER_FLAGS ? SERVER_FLAGS.split(' ') : [];
}
