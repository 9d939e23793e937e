import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule, authEntities, authMigrations } from 'nestjs-refresh-auth';
import * as v from 'valibot';
import { ProfileController } from './profile.controller.js';
import { User } from './user.entity.js';
import { Users } from './users.js';

const { DATABASE_URL, ACCESS_TOKEN_SECRET, REFRESH_TOKEN_SECRET } = process.env;

const database = DATABASE_URL
  ? ({ type: 'postgres', url: DATABASE_URL, schema: process.env['DATABASE_SCHEMA'] } as const)
  : ({ type: 'better-sqlite3', database: ':memory:' } as const);

const users = TypeOrmModule.forFeature([User]);

@Module({ imports: [users], providers: [Users], exports: [Users] })
class UsersModule {}

@Module({
  controllers: [ProfileController],
  imports: [
    TypeOrmModule.forRoot({
      ...database,
      // The app's own table by `synchronize`, as in many a beginning.
      synchronize: true,
      entities: [User, ...authEntities],
      migrations: authMigrations,
    } as object),
    AuthModule.forRootAsync({
      imports: [UsersModule],
      inject: [Users],
      registration: { schema: v.object({ email: v.pipe(v.string(), v.email()) }) },
      useFactory: (directory: Users) => ({
        users: directory,
        accessToken: { secret: ACCESS_TOKEN_SECRET! },
        refreshToken: { secret: REFRESH_TOKEN_SECRET!, leeway: 0 },
        cookies: { secure: false },
      }),
    }),
  ],
})
export class AppModule {}
