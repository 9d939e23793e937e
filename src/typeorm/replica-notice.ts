import type { DataSource } from 'typeorm';

/**
 * A note for apps whose DataSource has replicas, else null: sessions are read from the primary, but only the app knows
 * where it reads its users from.
 */
export function replicaNotice(dataSource: DataSource | undefined): string | null {
  const { replication } = (dataSource?.options ?? {}) as { replication?: object };
  if (!replication || dataSource!.defaultReplicationModeForReads() === 'master') return null;
  return 'The DataSource has replicas, and TypeORM reads from them unless it is told otherwise: your UserDirectory has to read the primary, by createQueryRunner("master") or replication.defaultMode "master". To a replica that is behind a new user is gone, and a changed password the old one.';
}
