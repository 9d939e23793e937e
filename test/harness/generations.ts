import { RefreshToken } from 'nestjs-refresh-auth';
import { DataSource, In } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';

/** The generation of each session, as the database has it, in the order of the access tokens given. */
export async function generationsOf(
  databaseUrl: string,
  sessions: { accessToken: string }[],
): Promise<(number | undefined)[]> {
  const ids = sessions.map(({ accessToken }) => sessionIdOf(accessToken));
  const dataSource = await new DataSource(dataSourceOptions(databaseUrl)).initialize();
  try {
    const rows = await dataSource.getRepository(RefreshToken).findBy({ id: In(ids) });
    return ids.map((id) => rows.find((row) => row.id === id && row.revokedAt === null)?.generation);
  } finally {
    await dataSource.destroy();
  }
}

export function sessionIdOf(accessToken: string): string {
  const payload = Buffer.from(accessToken.split('.')[1]!, 'base64url').toString();
  return (JSON.parse(payload) as { sid: string }).sid;
}
