import type { OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { closeSessionDatabase } from './open-session-database.js';

/** After the last request, closes the module's own connection to a SQLite file. */
export class SessionDatabaseCloser implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource | undefined) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource !== undefined) await closeSessionDatabase(this.dataSource);
  }
}
