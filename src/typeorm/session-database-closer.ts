import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { APP_DATABASE } from '../databases.js';
import { closeSessionDatabase } from './open-session-database.js';

/** After the last request, closes the module's own connection to a SQLite file. */
@Injectable()
export class SessionDatabaseCloser implements OnApplicationShutdown {
  constructor(@Inject(APP_DATABASE) private readonly dataSource: DataSource | undefined) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource !== undefined) await closeSessionDatabase(this.dataSource);
  }
}
