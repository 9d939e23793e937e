import { existsSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import {
  freePort,
  run,
  serverFolder,
  startPrivateServer,
  type PrivateServer,
} from './private-server.js';

export interface MariadbPrograms {
  install: string;
  server: string;
}

/** The folder in which the packages install the server's programs, or null. */
export function mariadbPrograms(): MariadbPrograms | null {
  const install = '/usr/bin/mariadb-install-db';
  const server = '/usr/sbin/mariadbd';
  return existsSync(install) && existsSync(server) ? { install, server } : null;
}

export async function startPrivateMariadb(
  programs: MariadbPrograms,
  environment: Record<string, string> = {},
): Promise<PrivateServer> {
  const folder = serverFolder();
  const port = await freePort();
  const data = join(folder, 'data');
  const user = userInfo().username;
  await run(
    programs.install,
    [
      '--no-defaults',
      `--datadir=${data}`,
      `--user=${user}`,
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
    ],
    { cwd: folder },
  );
  const url = `mariadb://root@127.0.0.1:${port}/test`;
  return startPrivateServer(
    {
      command: programs.server,
      arguments: [
        '--no-defaults',
        `--datadir=${data}`,
        `--user=${user}`,
        `--port=${port}`,
        '--bind-address=127.0.0.1',
        `--socket=${join(folder, 'socket')}`,
        `--pid-file=${join(folder, 'pid')}`,
        '--skip-name-resolve',
        '--innodb-flush-log-at-trx-commit=2',
        '--innodb-buffer-pool-size=32M',
      ],
      options: { cwd: folder, env: { ...process.env, ...environment } },
      stopSignal: 'SIGTERM',
      crashSignal: 'SIGKILL',
      async tryToConnect() {
        const connection = await createConnection({ host: '127.0.0.1', port, user: 'root' });
        await connection.query('CREATE DATABASE IF NOT EXISTS test');
        await connection.end();
      },
    },
    { folder, port, url },
  );
}
