import type { DataSource } from 'typeorm';
import { AuthRateLimit } from './auth-rate-limit.entity.js';
import type { Outcome, SessionDatabase } from './session-database.js';
import { timeOf } from './session-records.js';
import { StatementWriter } from './statement-writer.js';

const KEY = 'auth_devices_forgotten';

/** Longer than a device token lives. Rows of this table are deleted some time after they expire. */
const KEPT_MS = 400 * 24 * 60 * 60_000;

const READ = 'SELECT {expire as} FROM {table} WHERE {key} = :key';
const MOVE = 'UPDATE {table} SET {expire} = :expire WHERE {key} = :key AND {expire} < :expire';
const BEGIN = 'INSERT INTO {table} ({key}, {points}, {expire}) VALUES (:key, :points, :expire)';

/** The moment before which no device counts as known: one row beside the counts that it is about. */
export class DeviceCutOff {
  readonly #writer: StatementWriter;

  constructor(
    dataSource: DataSource,
    private readonly database: SessionDatabase,
  ) {
    this.#writer = new StatementWriter(dataSource, AuthRateLimit);
  }

  async read(): Promise<number | null> {
    const { records } = await this.#run(READ, { key: KEY });
    const expire = timeOf(records[0]?.expire);
    return expire === null ? null : expire - KEPT_MS;
  }

  /** Never moves it back, whoever comes late. */
  async moveTo(moment: number): Promise<void> {
    const values = { key: KEY, points: 0, expire: moment + KEPT_MS };
    const { affected } = await this.#run(MOVE, values);
    if (affected > 0 || (await this.read()) !== null) return;
    try {
      await this.#run(BEGIN, values);
    } catch (error) {
      // Another instance may have begun it a moment ago.
      if ((await this.read()) === null) throw error;
      await this.#run(MOVE, values);
    }
  }

  #run(text: string, values: Record<string, unknown>): Promise<Outcome> {
    const { sql, values: names } = this.#writer.write(text);
    return this.database.run(
      sql,
      names.map((name) => values[name]),
    );
  }
}
