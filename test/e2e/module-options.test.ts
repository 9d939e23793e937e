import {
  Controller,
  Get,
  Injectable,
  Module,
  UseGuards,
  VersioningType,
  type DynamicModule,
  type INestApplication,
  type ModuleMetadata,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  AuthModule,
  AuthService,
  JwtAuthGuard,
  type AuthModuleOptions,
  type DirectoryUser,
  type UserDirectory,
} from 'nestjs-refresh-auth';
import { HttpClient } from '../harness/http-client.js';
import { memoryDataSource } from '../harness/memory-data-source.js';
import { ACCESS_SECRET, adapters, COOKIE, PASSWORD, REFRESH_SECRET } from '../harness/test-app.js';

@Injectable()
class MemoryUsers implements UserDirectory {
  readonly #users: (DirectoryUser & { username: string })[] = [];

  async findByLogin(login: string): Promise<DirectoryUser | null> {
    return this.#users.find(({ username }) => username === login) ?? null;
  }

  async findById(id: string): Promise<DirectoryUser | null> {
    return this.#users[Number(id)] ?? null;
  }

  async create(user: { username: string; passwordHash: string }): Promise<DirectoryUser | null> {
    if (await this.findByLogin(user.username)) return null;
    const created = { id: this.#users.length, claims: { username: user.username }, ...user };
    this.#users.push(created);
    return created;
  }
}

const good = (): AuthModuleOptions => ({
  users: new MemoryUsers(),
  accessToken: { secret: ACCESS_SECRET },
  refreshToken: { secret: REFRESH_SECRET },
});

const running: INestApplication[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()));
});

async function boot(
  metadata: ModuleMetadata,
  adapter: 'express' | 'fastify' = 'express',
  prepare: (app: INestApplication) => void = () => {},
): Promise<{ app: INestApplication; client: HttpClient }> {
  @Module(metadata)
  class TestAppModule {}
  const settings = { logger: false, abortOnError: false } as const;
  const app = await (adapter === 'express'
    ? NestFactory.create(TestAppModule, settings)
    : NestFactory.create(TestAppModule, new FastifyAdapter(), settings));
  running.push(app);
  prepare(app);
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('127.0.0.1', 'localhost');
  return { app, client: new HttpClient(url) };
}

const ada = { username: 'ada', password: PASSWORD };

/** The statuses of the responses to a registration, a guarded request, a refresh and a logout. */
async function life(client: HttpClient, path = '/auth'): Promise<number[]> {
  const register = await client.post(`${path}/register`, { body: ada });
  return [
    register.status,
    (await client.get(`${path}/me`, { bearer: register.body.accessToken })).status,
    (await client.post(`${path}/refresh`)).status,
    (await client.post(`${path}/logout`)).status,
  ];
}

const asItShould = [201, 200, 200, 204];

@Module({ providers: [MemoryUsers], exports: [MemoryUsers] })
class MemoryUsersModule {}

@Injectable()
class AuthOptionsFromUsers {
  constructor(private readonly users: MemoryUsers) {}

  createAuthOptions(): AuthModuleOptions {
    return { ...good(), users: this.users };
  }
}

@Module({
  imports: [MemoryUsersModule],
  providers: [AuthOptionsFromUsers],
  exports: [AuthOptionsFromUsers],
})
class SettingsModule {}

describe('AuthModule is imported', () => {
  it.each<[string, () => DynamicModule]>([
    ['with its options', () => AuthModule.forRoot({ ...good(), registration: true })],
    [
      'with a factory, and what that needs',
      () =>
        AuthModule.forRootAsync({
          registration: true,
          imports: [MemoryUsersModule],
          inject: [MemoryUsers],
          useFactory: async (users: MemoryUsers) => ({ ...good(), users }),
        }),
    ],
    [
      'with a class',
      () =>
        AuthModule.forRootAsync({
          registration: true,
          imports: [MemoryUsersModule],
          useClass: AuthOptionsFromUsers,
        }),
    ],
    [
      'with a provider that exists',
      () =>
        AuthModule.forRootAsync({
          registration: true,
          imports: [SettingsModule],
          useExisting: AuthOptionsFromUsers,
        }),
    ],
  ])('%s', async (_how, auth) => {
    const { client } = await boot({ imports: [memoryDataSource(), auth()] });
    expect(await life(client)).toEqual(asItShould);
  });

  it('before or after the DataSource', async () => {
    const auth = AuthModule.forRoot({ ...good(), registration: true });
    const { client } = await boot({ imports: [auth, memoryDataSource()] });
    expect(await life(client)).toEqual(asItShould);
  });
});

describe('sessions are stored', () => {
  it('in a DataSource with a name', async () => {
    const auth = AuthModule.forRoot({ ...good(), dataSource: 'sessions', registration: true });
    const { client } = await boot({
      imports: [
        memoryDataSource({ entities: [], migrations: [] }),
        memoryDataSource({ name: 'sessions' }),
        auth,
      ],
    });
    expect(await life(client)).toEqual(asItShould);
  });

  it('in a DataSource that loads the entities of all modules by itself', async () => {
    const { client } = await boot({
      imports: [
        memoryDataSource({ entities: [], autoLoadEntities: true }),
        AuthModule.forRoot({ ...good(), registration: true }),
      ],
    });
    expect(await life(client)).toEqual(asItShould);
  });
});

describe.each(adapters)('the routes on %s', (adapter) => {
  const start = (
    extras: { path?: string; controller?: boolean; registration?: boolean },
    prepare?: (app: INestApplication) => void,
  ) => {
    const auth = AuthModule.forRoot({ ...good(), registration: true, ...extras });
    return boot({ imports: [memoryDataSource(), auth] }, adapter, prepare);
  };

  it.each([
    ['account', '/account'],
    ['/account/', '/account'],
    ['v2/account', '/v2/account'],
    ['/', ''],
  ])('have the path %j', async (path, prefix) => {
    const { client } = await start({ path });
    expect(await life(client, prefix)).toEqual(asItShould);
    expect((await client.post('/auth/login', { body: ada })).status).toBe(404);
    const malformed = await client.post(`${prefix}/login`, { body: '{' });
    expect([malformed.status, malformed.body.code]).toEqual([400, 'invalid_request']);
  });

  it('follow the app’s global prefix and version', async () => {
    const { client } = await start({}, (app) => {
      app.setGlobalPrefix('api');
      app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
    });
    expect(await life(client, '/api/v1/auth')).toEqual(asItShould);
    expect((await client.post('/auth/login', { body: ada })).status).toBe(404);
    const malformed = await client.post('/api/v1/auth/login?next=/', { body: '{' });
    expect([malformed.status, malformed.body.code]).toEqual([400, 'invalid_request']);
  });

  it('allow no registration unless it is enabled', async () => {
    const { client } = await start({ registration: false });
    expect((await client.post('/auth/register', { body: ada })).status).toBe(404);
    expect((await client.post('/auth/login', { body: ada })).status).toBe(401);
  });

  it('don’t exist if the app writes its own', async () => {
    const { client, app } = await start({ controller: false });
    for (const route of ['login', 'refresh', 'logout', 'register', 'logout-all', 'password']) {
      expect((await client.post(`/auth/${route}`, { body: ada })).status).toBe(404);
    }
    expect((await client.get('/auth/me')).status).toBe(404);

    const auth = app.get(AuthService);
    const registered = await auth.register(ada);
    const refreshed = await auth.refresh(registered.refreshToken!.token);
    expect(refreshed.refreshToken).not.toBeNull();
    await auth.logout(refreshed.refreshToken!.token);
    expect(await auth.listSessions(registered.userId)).toEqual([]);
  });
});

@Controller('feature')
@UseGuards(JwtAuthGuard)
class FeatureController {
  constructor(readonly auth: AuthService) {}

  @Get()
  get(): string {
    return 'feature';
  }
}

describe('guards and AuthService', () => {
  it('are available everywhere by default', async () => {
    @Module({ controllers: [FeatureController] })
    class FeatureModule {}
    const auth = AuthModule.forRoot(good());
    const { client } = await boot({ imports: [memoryDataSource(), auth, FeatureModule] });
    expect((await client.get('/feature')).status).toBe(401);
  });

  it('are available only where AuthModule is imported, if it is not global', async () => {
    const auth = AuthModule.forRoot({ ...good(), isGlobal: false });

    @Module({ controllers: [FeatureController] })
    class WithoutImport {}
    await expect(boot({ imports: [memoryDataSource(), auth, WithoutImport] })).rejects.toThrow(
      /can't resolve dependencies of the FeatureController/,
    );

    @Module({ imports: [auth], controllers: [FeatureController] })
    class WithImport {}
    const { client } = await boot({ imports: [memoryDataSource(), auth, WithImport] });
    expect((await client.get('/feature')).status).toBe(401);
  });

  it('of two AuthModules in one app keep their users separate', async () => {
    const members = AuthModule.forRoot({ ...good(), registration: true, isGlobal: false });
    const staff = AuthModule.forRoot({
      users: new MemoryUsers(),
      accessToken: { secret: `staff ${ACCESS_SECRET}` },
      refreshToken: { secret: `staff ${REFRESH_SECRET}` },
      cookies: { refresh: { name: 'staff_token' } },
      dataSource: 'staff',
      path: 'staff/auth',
      registration: true,
      isGlobal: false,
    });
    const { client } = await boot({
      imports: [memoryDataSource(), memoryDataSource({ name: 'staff' }), members, staff],
    });
    const member = (await client.post('/auth/register', { body: ada })).body.accessToken;
    const boss = (await client.post('/staff/auth/register', { body: ada })).body.accessToken;

    const me = async (path: string, bearer: string) =>
      (await client.get(`${path}/me`, { bearer })).status;
    expect([await me('/auth', member), await me('/staff/auth', boss)]).toEqual([200, 200]);
    expect([await me('/auth', boss), await me('/staff/auth', member)]).toEqual([401, 401]);
    expect((await client.post('/auth/refresh')).status).toBe(200);
    expect((await client.post('/staff/auth/logout')).status).toBe(204);
    expect(await client.cookie(COOKIE)).not.toBeNull();
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });
});
