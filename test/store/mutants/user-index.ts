import type { RevocationTarget, SessionRow } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore } from 'nestjs-refresh-auth/testing';
import { bound } from './instances.js';
import type { Mutant } from './mutated-memory-store.js';

/** An index of each user's sessions: a session that is not in it is neither listed nor revoked with the user. */
class UserIndex {
  readonly #ids = new Map<string, Set<string>>();

  add({ id, userId }: SessionRow): void {
    this.#ids.set(userId, new Set([...this.of(userId), id]));
  }

  of(userId: string): string[] {
    return [...(this.#ids.get(userId) ?? [])];
  }

  drop(userId: string): void {
    this.#ids.delete(userId);
  }
}

interface Carelessness {
  /** Writes the index before the session, whose insert may be refused. */
  beforeInsert?(index: UserIndex, session: SessionRow): void;
  afterRevoke?(index: UserIndex, target: RevocationTarget, row: SessionRow | null): void;
  afterDelete?(index: UserIndex, deleted: SessionRow[]): void;
  /** Whether each instance has its own index. */
  isInMemory?: boolean;
}

/** Instances that find a user's sessions by an index, as usual with Redis. */
export function indexed(careless: Carelessness): Mutant {
  const right = new MemoryRefreshTokenStore();
  const common = new UserIndex();
  const ids = new Set<string>();
  return async () => {
    const index = careless.isInMemory ? new UserIndex() : common;
    const rowsOf = async (of: Iterable<string>) =>
      (await Promise.all([...of].map(async (id) => right.find(id)))).filter((row) => row !== null);
    return {
      ...bound(right),
      insert: async (session) => {
        careless.beforeInsert?.(index, session);
        await right.insert(session);
        index.add(session);
        ids.add(session.id);
      },
      listActive: async (userId, now, limit) => {
        const rows = await rowsOf(index.of(userId));
        const live = rows.filter((row) => row.revokedAt === null && row.expiresAt > now);
        return live.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, limit);
      },
      revoke: async (target, reason, now) => {
        let count = 0;
        if (target === 'everything' || 'id' in target) {
          count = await right.revoke(target, reason, now);
        } else {
          for (const id of index.of(target.userId)) {
            if (id !== target.exceptId) count += await right.revoke({ id }, reason, now);
          }
        }
        const id = target !== 'everything' && 'id' in target ? target.id : '';
        careless.afterRevoke?.(index, target, await right.find(id));
        return count;
      },
      deleteEnded: async (...slice) => {
        const before = await rowsOf(ids);
        const counts = await right.deleteEnded(...slice);
        const left = new Set((await rowsOf(ids)).map(({ id }) => id));
        const deleted = before.filter(({ id }) => !left.has(id));
        careless.afterDelete?.(index, deleted);
        return counts;
      },
    };
  };
}
