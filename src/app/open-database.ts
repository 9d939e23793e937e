import { setTimeout as wait } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { reasonOf } from './boot-failure.js';
import { migrate } from './migrate.js';

const ATTEMPTS = 10;
const PAUSE_MS = 1000;

/**
 * Failures that pass: the server is still starting, or its name is not known yet. 57P03: PostgreSQL is starting up.
 * SQLITE_BUSY: another process uses the file, for example to set it up; changing the journal mode doesn't wait.
 */
const PASSING =
  /ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENOTFOUND|EAI_AGAIN|57P03|SQLITE_BUSY/;

/**
 * Connects, waiting some seconds for a database server that is starting too, and brings the schema up to date.
 * @throws {Error} with a sentence, if it can't be opened
 */
export async function openDatabase(options: DataSourceOptions): Promise<DataSource> {
  const dataSource = await connected(options);
  await migrate(dataSource);
  return dataSource;
}

async function connected(options: DataSourceOptions): Promise<DataSource> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await new DataSource(options).initialize();
    } catch (error) {
      const reason = reasonOf(error);
      if (
        attempt === ATTEMPTS ||
        !PASSING.test(`${(error as NodeJS.ErrnoException).code} ${reason}`)
      ) {
        throw new Error(
          `The database of DATABASE_URL can not be opened: ${reason}. Check that it runs and that DATABASE_URL is right.`,
          { cause: error },
        );
      }
      new Logger('Database').warn(`Not there yet (${reason}): trying again.`);
      await wait(PAUSE_MS);
    }
  }
}
