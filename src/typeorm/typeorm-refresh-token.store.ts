import type { DataSource } from 'typeorm';
import type {
  EndedSlice,
  RefreshTokenStore,
  RevocationTarget,
  Rotation,
  SessionRow,
} from '../sessions/refresh-token-store.js';
import type { RevocationReason } from '../events/revocation-reason.js';
import { KeptMoment } from './kept-moment.js';
import { sessionDatabase } from './open-session-database.js';
import { RefreshToken } from './refresh-token.entity.js';
import type { Outcome, SessionDatabase } from './session-database.js';
import { sessionOf, timeOf } from './session-records.js';
import { SessionStatements } from './session-statements.js';
import { StatementWriter } from './statement-writer.js';

/**
 * Stores sessions in the app's database. No method opens a transaction: each is one statement, `deleteEnded` two, sent
 * to the primary. For a SQLite file they use a separate connection, which `close()` closes.
 */
export class TypeOrmRefreshTokenStore implements RefreshTokenStore {
  readonly #database: SessionDatabase;
  readonly #statements: SessionStatements;
  readonly #writer: StatementWriter;
  readonly #devicesForgotten: KeptMoment;
  readonly #time: KeptMoment;

  /** Where it keeps them. */
  readonly dataSource: DataSource;

  /** @throws {AuthConfigurationError} for a database that isn't SQLite, PostgreSQL, MySQL or MariaDB */
  constructor(dataSource: DataSource) {
    this.dataSource = dataSource;
    this.#database = sessionDatabase(dataSource);
    this.#statements = new SessionStatements(dataSource.options.type);
    this.#writer = new StatementWriter(dataSource, RefreshToken);
    this.#devicesForgotten = new KeptMoment('auth_devices_forgotten', dataSource, this.#database);
    this.#time = new KeptMoment('auth_time', dataSource, this.#database);
  }

  async insert(session: SessionRow): Promise<void> {
    await this.#run(this.#statements.insert, session);
  }

  async rotate({ next, rotatedAtOrBefore, ...rotation }: Rotation): Promise<boolean> {
    const { rotateAlways, rotateAfterLeeway } = this.#statements;
    // The first rotation after login need not wait for a leeway, and a leeway of 0 means no wait at all.
    const isAlways = rotatedAtOrBefore === null || rotation.generation === 0;
    const { affected } = await this.#run(isAlways ? rotateAlways : rotateAfterLeeway, {
      ...rotation,
      rotatedAtOrBefore,
      nextTokenHash: next.tokenHash,
      nextGeneration: next.generation,
      nextExpiresAt: next.expiresAt,
      ip: next.ip,
      userAgent: next.userAgent,
    });
    return affected === 1;
  }

  async find(id: string): Promise<SessionRow | null> {
    const [record] = await this.#read(this.#statements.find, { id });
    return record === undefined ? null : sessionOf(record);
  }

  async listActive(userId: string, now: number, limit: number): Promise<SessionRow[]> {
    const records = await this.#read(this.#statements.listActive, { userId, now, limit });
    return records.map(sessionOf);
  }

  async revoke(target: RevocationTarget, reason: RevocationReason, now: number): Promise<number> {
    const whose = target === 'everything' ? {} : target;
    const { affected } = await this.#run(this.#statements.revoke(target), {
      ...whose,
      reason,
      now,
    });
    return affected;
  }

  async revokedSince(since: number): Promise<{ id: string; revokedAt: number }[]> {
    const records = await this.#read(this.#statements.revokedSince, { since });
    return records.map(({ id, revokedAt }) => ({ id: String(id), revokedAt: timeOf(revokedAt)! }));
  }

  /**
   * Finds, then deletes by primary key, because not every database can limit a DELETE; uses one index after the other.
   */
  async deleteEnded(before: number, limit: number): Promise<EndedSlice> {
    const expired = await this.#deleteBefore('absoluteExpiresAt', before, limit);
    if (expired.found === limit) return expired;
    const revoked = await this.#deleteBefore('revokedAt', before, limit - expired.found);
    return {
      found: expired.found + revoked.found,
      deleted: expired.deleted + revoked.deleted,
    };
  }

  /**
   * Closes the separate connection to a SQLite file; a later statement opens it again. Does nothing for other
   * databases.
   */
  async close(): Promise<void> {
    await this.#database.close();
  }

  forgetDevices(now: number): Promise<void> {
    return this.#devicesForgotten.moveTo(now);
  }

  devicesForgottenAt(): Promise<number | null> {
    return this.#devicesForgotten.read();
  }

  keepTime(moment: number): Promise<void> {
    return this.#time.replace(moment);
  }

  async keptTime(): Promise<number | null> {
    const kept = await this.#time.read();
    if (kept !== null) return kept;
    const [latest] = await this.#read(this.#statements.latestLogin, {});
    return timeOf(latest?.moment);
  }

  async #deleteBefore(
    column: 'absoluteExpiresAt' | 'revokedAt',
    before: number,
    limit: number,
  ): Promise<EndedSlice> {
    const ended = await this.#read(this.#statements.endedBefore(column), { before, limit });
    if (ended.length === 0) return { found: 0, deleted: 0 };
    const ids = Object.fromEntries(ended.map(({ id }, i) => [`id${i}`, id]));
    const { affected } = await this.#run(this.#statements.delete(ended.length), ids);
    return { found: ended.length, deleted: affected };
  }

  async #run(text: string, values: object): Promise<Outcome> {
    const { sql, values: names } = this.#writer.write(text);
    return this.#database.run(
      sql,
      names.map((name) => (values as Record<string, unknown>)[name]),
    );
  }

  async #read(text: string, values: object): Promise<Record<string, unknown>[]> {
    const { records } = await this.#run(text, values);
    return records;
  }
}

/** Where a store keeps the sessions; null if that is no DataSource. */
export function dataSourceOfStore(store: RefreshTokenStore): DataSource | null {
  return store instanceof TypeOrmRefreshTokenStore ? store.dataSource : null;
}
