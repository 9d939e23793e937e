import {
  TypeOrmRefreshTokenStore,
  type EndedSlice,
  type RefreshTokenStore,
  type RevocationReason,
  type RevocationTarget,
  type Rotation,
  type SessionRow,
} from 'nestjs-refresh-auth';
import { In, IsNull, type DataSource } from 'typeorm';
import { RefreshToken } from '../../../src/typeorm/refresh-token.entity.js';

const rows = (dataSource: DataSource) => dataSource.getRepository(RefreshToken);

/** Frequent mistakes of custom stores in a database, by the sentence that they break. */
export const typeormMutants: Record<
  string,
  Record<string, (dataSource: DataSource) => RefreshTokenStore>
> = {
  'insert: Rejects an id that is taken, and leaves the session with that id unchanged.': {
    'saves, and so overwrites': (dataSource) =>
      new (class extends TypeOrmRefreshTokenStore {
        override async insert(session: SessionRow): Promise<void> {
          await rows(dataSource).save(session);
        }
      })(dataSource),
    'inserts or ignores': (dataSource) =>
      new (class extends TypeOrmRefreshTokenStore {
        override async insert(session: SessionRow): Promise<void> {
          await rows(dataSource).createQueryBuilder().insert().values(session).orIgnore().execute();
        }
      })(dataSource),
  },
  'all methods: User ids are compared exactly: case, accents, width, spaces and Unicode form count, and none is read as a number.':
    {
      'compares without case': (dataSource) =>
        new (class extends TypeOrmRefreshTokenStore {
          override async listActive(userId: string, now: number, limit: number) {
            return rows(dataSource)
              .createQueryBuilder('row')
              .where('row.userId = :userId COLLATE NOCASE', { userId })
              .andWhere('row.revokedAt IS NULL AND row.expiresAt > :now', { now })
              .orderBy('row.createdAt', 'DESC')
              .take(limit)
              .getMany();
          }
        })(dataSource),
    },
  "rotate: Of several rotations of one generation at once, exactly one wins, and the row is the winner's.":
    {
      'reads the row and then writes it': (dataSource) =>
        new (class extends TypeOrmRefreshTokenStore {
          override async rotate({ id, generation, tokenHash, now, next }: Rotation) {
            const row = await this.find(id);
            if (row?.generation !== generation || row.tokenHash !== tokenHash) return false;
            const more = { generation: generation + 1, rotatedAt: now };
            await rows(dataSource).update({ id }, { ...next, ...more });
            return true;
          }
        })(dataSource),
    },
  'revoke: Returns how many sessions it revoked; of several revocations at once each session counts for exactly one.':
    { 'lists first and ends then': (dataSource) => new ListsFirst(dataSource, false) },
  'revoke: Revokes what was inserted before it takes effect: no new login is seen alive beside the sessions it ends.':
    { 'lists first and ends the live ones then': (dataSource) => new ListsFirst(dataSource, true) },
  'revoke: Is visible to others in full or not at all.': {
    'ends a thousand of everybody after the other': (dataSource) =>
      new (class extends EndsInSlices {
        override isSliced(target: RevocationTarget) {
          return target === 'everything';
        }
      })(dataSource, 1000),
    'ends a hundred of the user after the other': (dataSource) =>
      new (class extends EndsInSlices {
        override isSliced(target: RevocationTarget) {
          return target !== 'everything' && !('id' in target);
        }
      })(dataSource, 100),
  },
  "revoke: Dates no revocation before the row's last rotation: `revokedAt` is `rotatedAt` if that is later than `now`.":
    {
      'reads the last rotation and then ends what is alive': (dataSource) =>
        new (class extends TypeOrmRefreshTokenStore {
          override async revoke(target: RevocationTarget, reason: RevocationReason, now: number) {
            if (target === 'everything' || !('id' in target)) {
              return super.revoke(target, reason, now);
            }
            const row = await this.find(target.id);
            const revoked = {
              revokedAt: Math.max(now, row?.rotatedAt ?? now),
              revokedReason: reason,
            };
            const meant = { ...target, revokedAt: IsNull() };
            return (await rows(dataSource).update(meant, revoked)).affected ?? 0;
          }
        })(dataSource),
    },
  'forgetDevices: Is returned by `devicesForgottenAt` to every later caller.': {
    'remembers what the instance read once': (dataSource) =>
      new (class extends TypeOrmRefreshTokenStore {
        #read: number | null = null;
        override async forgetDevices(now: number) {
          await super.forgetDevices(now);
          this.#read = null;
        }
        override async devicesForgottenAt() {
          return (this.#read ??= await super.devicesForgottenAt());
        }
      })(dataSource),
    'keeps it in the memory of the instance': (dataSource) =>
      new (class extends TypeOrmRefreshTokenStore {
        #kept: number | null = null;
        override async forgetDevices(now: number) {
          this.#kept = Math.max(now, this.#kept ?? now);
        }
        override async devicesForgottenAt() {
          return this.#kept;
        }
      })(dataSource),
    'keeps it with the sessions': (dataSource) =>
      new (class extends TypeOrmRefreshTokenStore {
        override async forgetDevices() {}
        override async devicesForgottenAt() {
          const order = { revokedAt: 'DESC' } as const;
          const [last] = await rows(dataSource).find({
            where: { revokedReason: 'everything' },
            order,
          });
          return last?.revokedAt ?? null;
        }
      })(dataSource),
  },
  'forgetDevices: Never moves back: a moment before the stored one changes nothing.': {
    'keeps the last': (dataSource) =>
      new (class extends OneMoment {
        override async forgetDevices(now: number) {
          await this.keepTime(now);
        }
      })(dataSource),
    'reads the moment and then writes it': (dataSource) =>
      new (class extends OneMoment {
        override async forgetDevices(now: number) {
          if (((await this.keptTime()) ?? 0) < now) await this.keepTime(now);
        }
      })(dataSource),
  },
  'deleteEnded: Finds fewer than `limit` only where it leaves none behind.': {
    'takes what another call deleted for not found': (dataSource) =>
      new (class extends TypeOrmRefreshTokenStore {
        override async deleteEnded(before: number, limit: number): Promise<EndedSlice> {
          const { deleted } = await super.deleteEnded(before, limit);
          return { found: deleted, deleted };
        }
      })(dataSource),
  },
};

/** Keeps the devices' moment like the purge's, which may go back. */
class OneMoment extends TypeOrmRefreshTokenStore {
  override async devicesForgottenAt() {
    return this.keptTime();
  }
}

/** Ends this many sessions with each statement. */
abstract class EndsInSlices extends TypeOrmRefreshTokenStore {
  constructor(
    private readonly source: DataSource,
    private readonly length: number,
  ) {
    super(source);
  }

  abstract isSliced(target: RevocationTarget): boolean;

  override async revoke(
    target: RevocationTarget,
    reason: RevocationReason,
    now: number,
  ): Promise<number> {
    if (!this.isSliced(target)) return super.revoke(target, reason, now);
    const whose = target === 'everything' ? {} : (target as { userId: string });
    const where = { ...whose, revokedAt: IsNull() };
    let count = 0;
    for (;;) {
      const slice = await rows(this.source).find({ where, take: this.length });
      for (const { id } of slice) count += await super.revoke({ id }, reason, now);
      if (slice.length < this.length) return count;
    }
  }
}

class ListsFirst extends TypeOrmRefreshTokenStore {
  constructor(
    private readonly source: DataSource,
    private readonly isChecked: boolean,
  ) {
    super(source);
  }

  override async revoke(
    target: RevocationTarget,
    reason: RevocationReason,
    now: number,
  ): Promise<number> {
    if (target === 'everything') return super.revoke(target, reason, now);
    const { exceptId, ...where } = target as { userId: string; exceptId?: string };
    const found = await rows(this.source).findBy({ ...where, revokedAt: IsNull() });
    const ids = found.map(({ id }) => id).filter((id) => id !== exceptId);
    const meant = this.isChecked ? { id: In(ids), revokedAt: IsNull() } : { id: In(ids) };
    const revoked = { revokedAt: now, revokedReason: reason };
    return (await rows(this.source).update(meant, revoked)).affected ?? 0;
  }
}
