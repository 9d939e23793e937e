import {
  Between,
  type DataSource,
  In,
  IsNull,
  LessThan,
  MoreThan,
  MoreThanOrEqual,
  Not,
  type FindOptionsWhere,
  type Repository,
} from 'typeorm';
import { storeUnavailable } from '../errors/store-unavailable.js';
import type {
  RefreshTokenStore,
  RevocationReason,
  RevocationTarget,
  Rotation,
  SessionRow,
} from '../sessions/refresh-token-store.js';
import { RefreshToken } from './refresh-token.entity.js';

/** Keeps sessions in the app's database. No method opens a transaction: each is one statement, `deleteEnded` two. */
export class TypeOrmRefreshTokenStore implements RefreshTokenStore {
  readonly #sessions: Repository<RefreshToken>;

  constructor(dataSource: DataSource) {
    this.#sessions = dataSource.getRepository(RefreshToken);
  }

  async insert(session: SessionRow): Promise<void> {
    await this.#run(() => this.#sessions.insert(session));
  }

  /** The heart of it: checks and consumes in one statement, so that of many at once exactly one wins. */
  async rotate({ next, ...rotation }: Rotation): Promise<boolean> {
    const { affected } = await this.#run(() => {
      const update = this.#sessions
        .createQueryBuilder()
        .update()
        .set({
          tokenHash: next.tokenHash,
          generation: rotation.generation + 1,
          rotatedAt: rotation.now,
          expiresAt: next.expiresAt,
          ip: next.ip,
          userAgent: next.userAgent,
        })
        .where(
          'id = :id AND user_id = :userId AND generation = :generation AND token_hash = :tokenHash' +
            ' AND absolute_expires_at = :absoluteExpiresAt AND revoked_at IS NULL AND expires_at > :now',
          rotation,
        );
      if (rotation.rotatedAtOrBefore !== null && rotation.generation > 0) {
        update.andWhere('rotated_at <= :rotatedAtOrBefore', rotation);
      }
      return update.execute();
    });
    return affected === 1;
  }

  async find(id: string): Promise<SessionRow | null> {
    return this.#run(() => this.#sessions.findOneBy({ id }));
  }

  async listActive(userId: string, now: number): Promise<SessionRow[]> {
    return this.#run(() =>
      this.#sessions.find({
        where: { userId, revokedAt: IsNull(), expiresAt: MoreThan(now) },
        order: { createdAt: 'DESC' },
      }),
    );
  }

  async revoke(target: RevocationTarget, reason: RevocationReason, now: number): Promise<number> {
    const where = { ...whereOf(target), revokedAt: IsNull(), expiresAt: MoreThan(now) };
    const { affected } = await this.#run(() =>
      this.#sessions.update(where, { revokedAt: now, revokedReason: reason }),
    );
    return affected ?? 0;
  }

  async revokedSince(
    since: number,
    usedSince: number,
  ): Promise<{ id: string; revokedAt: number }[]> {
    const rows = await this.#run(() =>
      this.#sessions.find({
        select: { id: true, revokedAt: true },
        where: { revokedAt: MoreThanOrEqual(since), rotatedAt: MoreThanOrEqual(usedSince) },
      }),
    );
    return rows.map(({ id, revokedAt }) => ({ id, revokedAt: revokedAt! }));
  }

  /** Finds, then deletes by primary key, because not every database limits a DELETE. */
  async deleteEnded(before: number, limit: number): Promise<number> {
    return this.#run(async () => {
      const ended = await this.#sessions.find({
        select: { id: true },
        where: [{ absoluteExpiresAt: LessThan(before) }, { revokedAt: Between(0, before - 1) }],
        take: limit,
      });
      if (ended.length > 0) await this.#sessions.delete({ id: In(ended.map(({ id }) => id)) });
      return ended.length;
    });
  }

  async #run<T>(statement: () => Promise<T>): Promise<T> {
    try {
      return await statement();
    } catch (error) {
      throw storeUnavailable(error);
    }
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
