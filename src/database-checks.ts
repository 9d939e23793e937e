import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import type { AuthSettings } from './options/auth-settings.js';
import { systemClock } from './runtime/clock.js';
import { checkDatabase } from './typeorm/check-database.js';
import { dataSourceOfLimiter } from './typeorm/database-limiter.js';
import { replicaNotice } from './typeorm/replica-notice.js';
import { dataSourceOfStore } from './typeorm/typeorm-refresh-token.store.js';
import type { Ports } from './wiring.js';

/**
 * The checks of the databases that are in use. They look at the ports and not at the options: what replaced a port has
 * no tables to check.
 */
export function databaseChecks(
  { limits }: AuthSettings,
  { store, limiter, clock }: Pick<Ports, 'store' | 'limiter' | 'clock'>,
  dataSource: DataSource | undefined,
): () => Promise<void> {
  const ofSessions = dataSourceOfStore(store);
  const ofLimits = limits === null ? null : dataSourceOfLimiter(limiter);
  const now = clock === systemClock ? systemClock.now : null;
  return async () => {
    const notice = replicaNotice(dataSource);
    if (notice !== null) new Logger('AuthModule').log(notice);
    for (const each of new Set([ofSessions, ofLimits])) {
      if (each === null) continue;
      await checkDatabase(each, { sessions: each === ofSessions, limits: each === ofLimits, now });
    }
  };
}
