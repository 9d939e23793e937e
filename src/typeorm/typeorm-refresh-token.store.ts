import {
  type DataSource,
  type FindOperator,
  In,
  IsNull,
  LessThan,
  MoreThan,
  MoreThanOrEqual,
  Not,
  type FindOptionsWhere,
  type Repository,
} from 'typeorm';
import type {
  EndedSlice,
  RefreshTokenStore,
  RevocationReason,
  RevocationTarget,
  Rotation,
  SessionRow,
} from '../sessions/refresh-token-store.js';
import { RefreshToken } from './refresh-token.entity.js';
import { retryingConflicts } from './retrying-conflicts.js';
import { RotationStatement } from './rotation-statement.js';

/** Keeps sessions in the app's database. No method opens a transaction: each is one statement, `deleteEnded` two. */
export class TypeOrmRefreshTokenStore implements RefreshTokenStore {
  readonly #sessions: Repository<RefreshToken>;
  readonly #rotation: RotationStatement;

  constructor(dataSource: DataSource) {
    this.#rotation = new RotationStatement(dataSource);
    this.#sessions = dataSource.getRepository(RefreshToken);
  }

  async insert(session: SessionRow): Promise<void> {
    await retryingConflicts(() => this.#sessions.insert(session));
  }

  async rotate(rotation: Rotation): Promise<boolean> {
    return retryingConflicts(() => this.#rotation.run(rotation));
  }

  async find(id: string): Promise<SessionRow | null> {
    return retryingConflicts(() => this.#sessions.findOneBy({ id }));
  }

  async listActive(userId: string, now: number, limit: number): Promise<SessionRow[]> {
    return retryingConflicts(() =>
      this.#sessions.find({
        where: { userId, revokedAt: IsNull(), expiresAt: MoreThan(now) },
        order: { createdAt: 'DESC', id: 'ASC' },
        take: limit,
      }),
    );
  }

  async revoke(target: RevocationTarget, reason: RevocationReason, now: number): Promise<number> {
    const rotatedAt = this.#columnOf('rotatedAt');
    const { affected } = await retryingConflicts(() =>
      this.#sessions
        .createQueryBuilder()
        .update()
        .set({
          // Not GREATEST, which SQLite doesn't know.
          revokedAt: () => `CASE WHEN ${rotatedAt} > :now THEN ${rotatedAt} ELSE :now END`,
          revokedReason: reason,
        })
        .where({ ...whereOf(target), revokedAt: IsNull() })
        .setParameters({ now })
        .execute(),
    );
    return affected ?? 0;
  }

  async revokedSince(since: number): Promise<{ id: string; revokedAt: number }[]> {
    const rows = await retryingConflicts(() =>
      this.#sessions.find({
        select: { id: true, revokedAt: true },
        where: { revokedAt: MoreThanOrEqual(since) },
      }),
    );
    return rows.map(({ id, revokedAt }) => ({ id, revokedAt: revokedAt! }));
  }

  /** Finds, then deletes by primary key, because not every database limits a DELETE; by one index after the other. */
  async deleteEnded(before: number, limit: number): Promise<EndedSlice> {
    const old = LessThan(before);
    const expired = await this.#deleteWhere('absoluteExpiresAt', old, limit);
    if (expired.found === limit) return expired;
    const revoked = await this.#deleteWhere('revokedAt', old, limit - expired.found);
    return {
      found: expired.found + revoked.found,
      deleted: expired.deleted + revoked.deleted,
    };
  }

  #columnOf(property: keyof RefreshToken & string): string {
    const { metadata, manager } = this.#sessions;
    const { databaseName } = metadata.findColumnWithPropertyName(property)!;
    return manager.connection.driver.escape(databaseName);
  }

  /** In the order of the column, so that the database takes its index and not the whole table. */
  async #deleteWhere(
    column: 'absoluteExpiresAt' | 'revokedAt',
    value: FindOperator<number>,
    limit: number,
  ): Promise<EndedSlice> {
    const ended = await retryingConflicts(() =>
      this.#sessions.find({
        select: { id: true },
        where: { [column]: value },
        order: { [column]: 'ASC' },
        take: limit,
      }),
    );
    if (ended.length === 0) return { found: 0, deleted: 0 };
    const ids = ended.map(({ id }) => id);
    const { affected } = await retryingConflicts(() => this.#sessions.delete({ id: In(ids) }));
    return { found: ids.length, deleted: affected ?? 0 };
  }
}

function whereOf(target: RevocationTarget): FindOptionsWhere<RefreshToken> {
  if (target === 'everything') return {};
  if ('id' in target)
    return target.userId === undefined
      ? { id: target.id }
      : { id: target.id, userId: target.userId };
  const { userId, exceptId } = target;
  return exceptId === undefined ? { userId } : { userId, id: Not(exceptId) };
}
