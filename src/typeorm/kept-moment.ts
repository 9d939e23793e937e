import type { DataSource } from 'typeorm';
import { AuthRateLimit } from './auth-rate-limit.entity.js';
import type { Outcome, SessionDatabase } from './session-database.js';
import { timeOf } from './session-records.js';
import { StatementWriter } from './statement-writer.js';

/** A thousand years. Rows of this table are deleted some time after they expire, by clocks that may be wrong. */
const KEPT_MS = 1000 * 365 * 24 * 60 * 60_000;

const READ = 'SELECT {expire as} FROM {table} WHERE {key} = :key';
const WRITE = 'UPDATE {table} SET {expire} = :expire WHERE {key} = :key';
const MOVE = `${WRITE} AND {expire} < :expire`;
const BEGIN = 'INSERT INTO {table} ({key}, {points}, {expire}) VALUES (:key, :points, :expire)';

/** A point in time that all instances share: one row in the table of failed logins, with a fixed key. */
export class KeptMoment {
  readonly #writer: StatementWriter;

  constructor(
    private readonly name: string,
    dataSource: DataSource,
    private readonly database: SessionDatabase,
  ) {
    this.#writer = new StatementWriter(dataSource, AuthRateLimit);
  }

  async read(): Promise<number | null> {
    const { records } = await this.#run(READ, { key: this.name });
    const expire = timeOf(records[0]?.expire);
    return expire === null ? null : expire - KEPT_MS;
  }

  /** Never moves it back, in whatever order the calls come. */
  async moveTo(moment: number): Promise<void> {
    await this.#write(MOVE, moment);
  }

  async replace(moment: number): Promise<void> {
    await this.#write(WRITE, moment);
  }

  async #write(statement: string, moment: number): Promise<void> {
    const values = { key: this.name, points: 0, expire: moment + KEPT_MS };
    const { affected } = await this.#run(statement, values);
    if (affected > 0 || (await this.read()) !== null) return;
    try {
      await this.#run(BEGIN, values);
    } catch (error) {
      // Another instance may have created the row a moment ago.
      if ((await this.read()) === null) throw error;
      await this.#run(statement, values);
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
