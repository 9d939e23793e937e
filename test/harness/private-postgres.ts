import { execFileSync } from 'node:child_process';
import { chownSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import {
  freePort,
  run,
  serverFolder,
  startPrivateServer,
  type PrivateServer,
} from './private-server.js';

const VERSIONS = '/usr/lib/postgresql';

/** The folder in which Debian and Ubuntu install the newest server's programs, or null. */
export function postgresPrograms(): string | null {
  try {
    const newest = readdirSync(VERSIONS)
      .toSorted((a, b) => Number(a) - Number(b))
      .at(-1);
    return newest === undefined ? null : join(VERSIONS, newest, 'bin');
  } catch {
    return null;
  }
}

export async function startPrivatePostgres(programs: string): Promise<PrivateServer> {
  const folder = serverFolder();
  const port = await freePort();
  const owner = ownerOf(folder);
  const data = join(folder, 'data');
  await run(
    join(programs, 'initdb'),
    ['--pgdata', data, '--username', 'test', '--auth', 'trust', '--no-sync'],
    owner,
  );
  const url = `postgres://test@127.0.0.1:${port}/postgres`;
  const settings = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'off',
  };
  return startPrivateServer(
    {
      command: join(programs, 'postgres'),
      arguments: [
        '-D',
        data,
        ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
      ],
      options: owner,
      // "Fast": ends the sessions instead of waiting for them.
      stopSignal: 'SIGINT',
      // "Immediate": the parent ends all its processes; after SIGKILL they would stay for a moment.
      crashSignal: 'SIGQUIT',
      async tryToConnect() {
        const client = new pg.Client({ connectionString: url });
        await client.connect();
        await client.end();
      },
    },
    { folder, port, url },
  );
}

/** PostgreSQL refuses to run as root, so then it runs as the user that its package created. */
function ownerOf(folder: string): { uid?: number; gid?: number; cwd: string } {
  if (process.getuid?.() !== 0) return { cwd: folder };
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  chownSync(folder, uid, gid);
  return { uid, gid, cwd: folder };
}

function idOf(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }));
}
