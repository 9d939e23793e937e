import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { closeSessionDatabase } from './open-session-database.js';
import { AUTH_DATA_SOURCE } from './required-data-source.js';

/** After the last request, closes the module's own connection to a SQLite file. */
@Injectable()
export class SessionDatabaseCloser implements OnApplicationShutdown {
  constructor(@Inject(AUTH_DATA_SOURCE) private readonly dataSource: DataSource | undefined) {}

  async onApplicationShutdown(): Promise<void> {
    if (this.dataSource !== undefined) await closeSessionDatabase(this.dataSource);
  }
}
