import type { DataSource } from 'typeorm';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { AuthRateLimit } from './auth-rate-limit.entity.js';
import { foreignTable } from './migrations/create-or-adopt.js';
import { RefreshToken } from './refresh-token.entity.js';

/** Columns that the tables have had from the first version on: one without them was never this module's. */
const ALWAYS_THERE = [
  [RefreshToken, 'generation'],
  [AuthRateLimit, 'points'],
] as const;

/** The sentence about a table of somebody else's under a name of this module's, such as a tutorial's `refresh_tokens`. */
export async function foreignTableIn(
  dataSource: DataSource,
): Promise<AuthConfigurationError | null> {
  const runner = dataSource.createQueryRunner('master');
  try {
    for (const [entity, property] of ALWAYS_THERE) {
      const { tablePath, columns } = dataSource.getMetadata(entity);
      const found = await runner.getTable(tablePath);
      if (found === undefined) continue;
      const missing = columns.filter(({ databaseName }) => !found.findColumnByName(databaseName));
      if (missing.some(({ propertyName }) => propertyName === property)) {
        return foreignTable(
          tablePath,
          missing.map(({ databaseName: name }) => ({ name })),
        );
      }
    }
    return null;
  } finally {
    await runner.release();
  }
}
