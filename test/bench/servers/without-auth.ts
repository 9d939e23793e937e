import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { dataSourceOptions } from '../../../src/app/database.js';
import { UsersModule } from '../../../src/app/users/users.module.js';
import { createApp, serve } from './serve.js';

/** The same as `ours`, but without AuthModule. */
@Module({
  imports: [
    TypeOrmModule.forRoot({ ...dataSourceOptions('sqlite::memory:'), migrationsRun: true }),
    UsersModule,
  ],
})
class WithoutAuthModule {}

await serve(await createApp(WithoutAuthModule));
