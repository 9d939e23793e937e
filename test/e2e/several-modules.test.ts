import {
  Controller,
  Get,
  Injectable,
  Module,
  UseGuards,
  type ModuleMetadata,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { describe, expect, it } from '@jest/globals';
import {
  AuthConfigurationError,
  AuthModule,
  AuthService,
  JwtAuthGuard,
  type AuthModuleExtras,
  type AuthModuleOptions,
} from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { good } from '../harness/boot-with-options.js';
import { memoryDataSource } from '../harness/memory-data-source.js';
import { adapters, ACCESS_SECRET, REFRESH_SECRET, type AdapterName } from '../harness/test-app.js';

const { store: _store, ...withoutStore } = good();

/** The message of the error that stops the boot, or that it boots. */
async function boot(metadata: ModuleMetadata, adapter: AdapterName = 'express'): Promise<string> {
  @Module(metadata)
  class TestAppModule {}
  const settings = { logger: false, abortOnError: false } as const;
  try {
    const app = await (adapter === 'express'
      ? NestFactory.create(TestAppModule, settings)
      : NestFactory.create(TestAppModule, new FastifyAdapter(), settings));
    try {
      await app.init();
    } finally {
      await app.close();
    }
    return 'It boots.';
  } catch (error) {
    if (!(error instanceof AuthConfigurationError)) throw error;
    return error.message.replace('nestjs-refresh-auth: ', '');
  }
}

type Given = Partial<AuthModuleOptions & AuthModuleExtras>;

const members = (options: Given = {}) =>
  AuthModule.forRoot({ ...good(), isGlobal: false, ...options });

/** A module that works beside `members`. */
const apart = {
  accessToken: { secret: `staff ${ACCESS_SECRET}` },
  refreshToken: { secret: `staff ${REFRESH_SECRET}` },
  cookies: { refresh: { name: 'staff_token' } },
  path: 'staff/auth',
};

const staff = (options: Given = {}) => members({ ...apart, ...options });

describe.each(adapters)('of two AuthModules on %s', (adapter) => {
  it.each<[string, Given, string]>([
    ['nothing is refused that is apart', {}, 'It boots.'],
    ['one path is refused', { path: '/auth/' }, 'two AuthModules have their routes at "auth"'],
    ['one cookie is refused', { cookies: {} }, 'two AuthModules use the cookie "__Host-refresh_'],
    [
      'the secrets are refused where they have different users',
      { accessToken: { secret: ACCESS_SECRET } },
      'two AuthModules with different users have a secret or key in common',
    ],
  ])('%s', async (_what, options, sentence) => {
    expect(await boot({ imports: [members(), staff(options)] }, adapter)).toContain(sentence);
  });
});

/** A module with its own users, and sessions in a DataSource. */
const stored = (options: Given) =>
  AuthModule.forRoot({
    ...withoutStore,
    users: new MemoryUserDirectory(),
    isGlobal: false,
    ...options,
  });

describe('of two AuthModules', () => {
  it('both global are refused, which they are by default', async () => {
    const imports = [AuthModule.forRoot(good()), AuthModule.forRoot({ ...good(), ...apart })];
    expect(await boot({ imports })).toContain('two AuthModules are global');
  });

  it('one may be the other, imported in two places', async () => {
    const auth = members();
    @Module({ imports: [auth] })
    class FeatureModule {}
    expect(await boot({ imports: [auth, FeatureModule] })).toBe('It boots.');
  });

  it('one in a module of the app’s is compared too', async () => {
    @Module({ imports: [AuthModule.forRoot(good())] })
    class FeatureModule {}
    const sentence = 'two AuthModules have their routes at "auth"';
    expect(await boot({ imports: [members(), FeatureModule] })).toContain(sentence);
  });

  it.each<[string, Given, Given, string]>([
    ['different users', {}, {}, 'two AuthModules with different users keep their sessions togeth'],
    ['different users in two DataSources', {}, { dataSource: 'staff' }, 'It boots.'],
    [
      'counters of different users, whose sessions are apart',
      { limits: { store: 'database' }, store: new MemoryRefreshTokenStore() },
      { limits: { store: 'database' } },
      'two AuthModules with different users count failed logins in one database',
    ],
  ])('in one DataSource: %s', async (_what, one, other, sentence) => {
    const sources = [memoryDataSource(), memoryDataSource({ name: 'staff' })];
    const imports = [...sources, stored(one), stored({ ...apart, ...other })];
    expect(await boot({ imports })).toContain(sentence);
  });

  it('in one DataSource may have the same users, also those with hooks of Nest', async () => {
    class Users extends MemoryUserDirectory {
      async onModuleInit(): Promise<void> {}
    }
    const users = new Users();
    expect(
      await boot({ imports: [memoryDataSource(), stored({ users }), stored({ ...apart, users })] }),
    ).toBe('It boots.');
  });
});

@Controller('guarded')
class GuardedController {
  @Get()
  @UseGuards(JwtAuthGuard)
  get(): string {
    return 'guarded';
  }
}

@Injectable()
class Welcome {
  constructor(readonly auth: AuthService) {}
}

describe('AuthModule without options is refused', () => {
  const sentence = 'AuthModule is imported without options: import AuthModule.forRoot({ users, ';

  @Module({ imports: [AuthModule], providers: [Welcome] })
  class FeatureModule {}

  it.each<[string, ModuleMetadata]>([
    ['alone', { imports: [AuthModule] }],
    ['with a guard that needs it', { imports: [AuthModule], controllers: [GuardedController] }],
    ['with a service that needs it', { imports: [AuthModule], providers: [Welcome] }],
    ['in a feature module', { imports: [FeatureModule] }],
    ['beside one with options', { imports: [AuthModule.forRoot(good()), FeatureModule] }],
    ['before one that is not global', { imports: [FeatureModule, members()] }],
  ])('%s', async (_where, metadata) => {
    expect(await boot(metadata)).toContain(sentence);
  });
});
