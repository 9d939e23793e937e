import type { DataSource } from 'typeorm';

/**
 * What somebody has to know whose DataSource has replicas, or null: sessions are read from the primary, but which one the
 * app reads its users from, only the app knows.
 */
export function replicaNotice(dataSource: DataSource | undefined): string | null {
  const { replication } = (dataSource?.options ?? {}) as { replication?: object };
  if (!replication || dataSource!.defaultReplicationModeForReads() === 'master') return null;
  return 'The DataSource has replicas, and TypeORM reads from them unless it is told otherwise: your UserDirectory has to read the primary, by createQueryRunner("master") or replication.defaultMode "master". To a replica that is behind a new user is gone, and a changed password the old one.';
}
