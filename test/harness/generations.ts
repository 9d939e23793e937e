import { RefreshToken } from 'nestjs-refresh-auth';
import { DataSource, In, type DataSourceOptions } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';

const CONNECT_WITHIN_MS = 120_000;

/** The generation of each session in the database, in the order of the given access tokens. */
export async function generationsOf(
  databaseUrl: string,
  sessions: { accessToken: string }[],
): Promise<(number | undefined)[]> {
  const ids = sessions.map(({ accessToken }) => sessionIdOf(accessToken));
  const dataSource = await new DataSource(patientOptions(databaseUrl)).initialize();
  try {
    const rows = await dataSource.getRepository(RefreshToken).findBy({ id: In(ids) });
    return ids.map((id) => rows.find((row) => row.id === id && row.revokedAt === null)?.generation);
  } finally {
    await dataSource.destroy();
  }
}

/** The app's options, with a longer limit for connecting: this server is only slow, not gone. */
function patientOptions(databaseUrl: string): DataSourceOptions {
  const options = dataSourceOptions(databaseUrl);
  switch (options.type) {
    case 'postgres':
      return { ...options, extra: {} };
    case 'mysql':
    case 'mariadb':
      return { ...options, extra: { connectTimeout: CONNECT_WITHIN_MS } };
    default:
      return options;
  }
}

function sessionIdOf(accessToken: string): string {
  const payload = Buffer.from(accessToken.split('.')[1]!, 'base64url').toString();
  return (JSON.parse(payload) as { sid: string }).sid;
}
