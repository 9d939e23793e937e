import {
  Controller,
  Get,
  Module,
  type INestApplication,
  type ModuleMetadata,
  type Provider,
  type Type,
  UseGuards,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { TypeOrmModule } from '@nestjs/typeorm';
import cookieParser from 'cookie-parser';
import {
  AuthModule,
  AuthService,
  CurrentUser,
  JwtAuthGuard,
  RefreshToken,
  Roles,
  RolesGuard,
  type AuthenticatedUser,
  type AuthModuleExtras,
  type AuthModuleOptions,
  type LimitsOptions,
} from 'nestjs-refresh-auth';
import { DataSource, type Logger, type Repository } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import { AppUsers } from '../../src/app/users/app-users.js';
import { User } from '../../src/app/users/user.entity.js';
import { UsersModule } from '../../src/app/users/users.module.js';
import type { DatabaseKind } from './databases.js';
import { FakeClock } from './fake-clock.js';
import { HttpClient } from './http-client.js';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from './test-secrets.js';

export { ACCESS_SECRET, PASSWORD, REFRESH_SECRET };

export const COOKIE = '__Host-refresh_token';
export const ACCESS_COOKIE = '__Host-access_token';
export const DEVICE_COOKIE = '__Host-device_token';

export type AdapterName = 'express' | 'fastify';
export const adapters: AdapterName[] = ['express', 'fastify'];

@Controller()
class GuardedController {
  @Get('guarded')
  @UseGuards(JwtAuthGuard)
  guarded(@CurrentUser() user: AuthenticatedUser): AuthenticatedUser {
    return user;
  }

  @Get('admin')
  @UseGuards(JwtAuthGuard, RolesGuard)
  @Roles('admin')
  admin(): string {
    return 'welcome';
  }
}

export interface TestAppOptions {
  adapter?: AdapterName;
  database: DatabaseKind;
  /** Another app's database in place of a new one, for a second instance or a restart. */
  databaseUrl?: string;
  options?: Partial<AuthModuleOptions>;
  extras?: AuthModuleExtras;
  clock?: FakeClock;
  /** Options of TypeORM, besides those of the reference app. */
  dataSource?: object;
  controllers?: Type[];
  /** Modules besides the app's own one. */
  imports?: NonNullable<ModuleMetadata['imports']>;
  /** Providers of the app's own module, for example an `APP_GUARD`. */
  providers?: Provider[];
  /** Puts cookie-parser in front, as most Express apps do. */
  withCookieParser?: boolean;
  /** Where it listens: 127.0.0.1 unless a test is about that. */
  host?: string;
  /** Before the app starts to listen. */
  prepare?: (app: INestApplication) => void;
}

export interface TestApp {
  app: INestApplication;
  url: string;
  databaseUrl: string;
  auth: AuthService;
  clock: FakeClock;
  dataSource: DataSource;
  sessions: Repository<RefreshToken>;
  users: Repository<User>;
  /** Every statement that was sent to the database, in order. */
  statements: string[];
  client(): HttpClient;
  /** A client that has registered a new user and is logged in. */
  loggedIn(
    username?: string,
  ): Promise<{ client: HttpClient; accessToken: string; username: string }>;
  /** Stops the app. Drops the database unless another app owns it, or it must be kept for a restart. */
  close(keep?: { database: boolean }): Promise<void>;
}

let names = 0;

/** All users of a test register from one address. */
function withRoomForUsers(limits: AuthModuleOptions['limits'] = {}): LimitsOptions | false {
  return limits === false ? false : { registration: { attempts: 100_000 }, ...limits };
}

/** An app with users and AuthModule, on a free port and a new database. */
export async function startTestApp(given: TestAppOptions): Promise<TestApp> {
  const { adapter = 'express', database, clock = new FakeClock() } = given;
  const own = given.databaseUrl === undefined ? await database.create() : null;
  const databaseUrl = own?.url ?? given.databaseUrl!;
  const statements: string[] = [];

  @Module({
    imports: [
      ...(given.imports ?? []),
      TypeOrmModule.forRoot({
        ...dataSourceOptions(databaseUrl),
        ...given.dataSource,
        migrationsRun: true,
        logging: ['query'],
        logger: statementLog(statements),
      }),
      AuthModule.forRootAsync({
        registration: true,
        ...given.extras,
        imports: [UsersModule],
        inject: [AppUsers],
        useFactory: (users: AppUsers): AuthModuleOptions => ({
          users,
          accessToken: { secret: ACCESS_SECRET },
          refreshToken: { secret: REFRESH_SECRET },
          clock,
          // It starts at a random time, which would add a statement to those that a test counts.
          purge: { interval: false },
          ...given.options,
          limits: withRoomForUsers(given.options?.limits),
        }),
      }),
    ],
    controllers: [GuardedController, ...(given.controllers ?? [])],
    providers: given.providers ?? [],
  })
  class TestAppModule {}

  const settings = { logger: false, abortOnError: false } as const;
  const app = await (
    adapter === 'express'
      ? NestFactory.create(TestAppModule, settings)
      : NestFactory.create(TestAppModule, new FastifyAdapter(), settings)
  ).catch(async (error: unknown) => {
    await own?.drop();
    throw error;
  });
  if (given.withCookieParser) app.use(cookieParser());
  given.prepare?.(app);
  await app.listen(0, given.host ?? '127.0.0.1');
  const url = (await app.getUrl()).replace('127.0.0.1', 'localhost');
  const dataSource = app.get(DataSource);
  const client = () => new HttpClient(url);

  return {
    app,
    url,
    databaseUrl,
    auth: app.get(AuthService),
    clock,
    dataSource,
    sessions: dataSource.getRepository(RefreshToken),
    users: dataSource.getRepository(User),
    statements,
    client,
    async loggedIn(username = `user${(names += 1)}-${process.pid}`) {
      const fresh = client();
      const credentials = { username, password: PASSWORD };
      const { status, body } = await fresh.post('/auth/register', { body: credentials });
      if (status !== 201)
        throw new Error(`the registration failed with ${status}: ${JSON.stringify(body)}`);
      return { client: fresh, accessToken: body.accessToken as string, username };
    },
    async close({ database: keepDatabase } = { database: false }) {
      await app.close();
      if (!keepDatabase) await own?.drop();
    },
  };
}

/** Runs a test with its own app, which is closed whether the test passes or fails. */
export async function withTestApp<T>(
  given: TestAppOptions,
  story: (test: TestApp) => Promise<T>,
): Promise<T> {
  const test = await startTestApp(given);
  try {
    return await story(test);
  } finally {
    await test.close();
  }
}

const ignore = () => {};

function statementLog(statements: string[]): Logger {
  return {
    logQuery: (statement) => statements.push(statement),
    logQueryError: ignore,
    logQuerySlow: ignore,
    logSchemaBuild: ignore,
    logMigration: ignore,
    log: ignore,
  };
}
