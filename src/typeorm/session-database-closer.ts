import type { OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { closeSessionDatabase } from './open-session-database.js';

/** Closes, after the last request, the connection that sessions on a SQLite file have of their own. */
export class SessionDatabaseCloser implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource | undefined) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource !== undefined) await closeSessionDatabase(this.dataSource);
  }
}
