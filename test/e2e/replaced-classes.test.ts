import {
  Body,
  Controller,
  Get,
  HttpCode,
  Injectable,
  Post,
  Req,
  Res,
  UseGuards,
  type INestApplication,
  type Provider,
  type Type,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { Test, type TestingModuleBuilder } from '@nestjs/testing';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import * as library from 'nestjs-refresh-auth';
import {
  AccessTokenStrategy,
  AuthController,
  AuthModule,
  AuthRequests,
  AuthResponses,
  AuthService,
  JwtAuthGuard,
  JwtRefreshGuard,
  presentedRefreshToken,
  RefreshTokenStrategy,
  Roles,
  RolesGuard,
  SameSiteGuard,
  TypeOrmRefreshTokenStore,
  type AuthModuleOptions,
  type Credentials,
  type HttpRequest,
  type IssuedTokens,
  type TokenBody,
} from 'nestjs-refresh-auth';
import {
  MemoryRefreshTokenStore,
  MemoryUserDirectory,
  signedInAs,
} from 'nestjs-refresh-auth/testing';
import { cookieSetBy, HttpClient } from '../harness/http-client.js';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from '../harness/test-secrets.js';
import { Markdown } from '../package/markdown.js';

/** Routes of an app's own that use everything which the module exports for that. */
@Controller('app')
class AppController {
  constructor(
    private readonly auth: AuthService,
    private readonly requests: AuthRequests,
    private readonly responses: AuthResponses,
  ) {}

  @Post('login')
  @HttpCode(200)
  @UseGuards(SameSiteGuard)
  async login(
    @Body() credentials: Credentials,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ) {
    const issued = await this.auth.login(credentials, this.requests.clientOf(request));
    return this.responses.sendTokens(issued, response);
  }

  @Post('refresh')
  @UseGuards(JwtRefreshGuard)
  async refresh(@Req() request: HttpRequest) {
    await this.auth.refresh(presentedRefreshToken(request));
  }

  @Get('sessions')
  @UseGuards(JwtAuthGuard)
  sessions(): void {}

  @Get('open')
  open(): void {}

  @Get('passport')
  @UseGuards(AuthGuard('replaced-jwt'))
  passport(): void {}

  @Get('admin')
  @UseGuards(RolesGuard)
  @Roles('admin')
  admin(): void {}
}

/** Each exported class that Nest makes, something to stand in its place, and the methods that tell whether it does. */
const replaceable: [Type, () => object, ...methods: string[]][] = [
  [AuthService, () => ({ login: () => ({}) }), 'login'],
  [AuthRequests, () => ({ clientOf: () => ({ ip: null, userAgent: null }) }), 'clientOf'],
  [
    AuthResponses,
    () => ({ forbidCaching: () => {}, withErrorHeaders: () => ({}), sendTokens: () => ({}) }),
    'withErrorHeaders',
    'sendTokens',
  ],
  [AccessTokenStrategy, () => signedInAs({ id: '1' }), 'authenticate'],
  [RefreshTokenStrategy, () => signedInAs({ id: '1' }), 'authenticate'],
  [TypeOrmRefreshTokenStore, () => new MemoryRefreshTokenStore(), 'insert'],
  [AuthController, () => ({ login: () => ({}) }), 'login'],
  [JwtAuthGuard, () => signedInAs({ id: '1' }), 'canActivate'],
  [JwtRefreshGuard, () => ({ canActivate: () => true }), 'canActivate'],
  [RolesGuard, () => ({ canActivate: () => true }), 'canActivate'],
  [SameSiteGuard, () => ({ canActivate: () => true }), 'canActivate'],
];

type Replace = (builder: TestingModuleBuilder) => TestingModuleBuilder;

/** What `start` takes to replace a class in one of these ways. */
const ways = {
  overrideProvider: (token: Type, value: object) => ({
    replace: (builder) => builder.overrideProvider(token).useValue(value),
  }),
  extraProviders: (token: Type, useValue: object) => ({
    extraProviders: [{ provide: token, useValue }],
  }),
  overrideGuard: (token: Type, value: object) => ({
    replace: (builder) => builder.overrideGuard(token).useValue(value),
  }),
} satisfies Record<string, (token: Type, value: object) => Partial<StartOptions>>;

interface StartOptions {
  options: Partial<AuthModuleOptions>;
  /** Of the app's own module. */
  providers: Provider[];
  extraProviders: Provider[];
  replace: Replace;
}

let app: INestApplication | undefined;
afterEach(() => app?.close());

/** Starts an app with a user, Ada, and returns its address. */
async function start({
  options = { store: new MemoryRefreshTokenStore() },
  providers = [],
  extraProviders = [],
  replace = (builder) => builder,
}: Partial<StartOptions>): Promise<string> {
  const users = new MemoryUserDirectory();
  await users.add({ username: 'ada', password: PASSWORD, roles: ['admin'] });
  const auth = AuthModule.forRoot({
    users,
    accessToken: { secret: ACCESS_SECRET },
    refreshToken: { secret: REFRESH_SECRET },
    ...options,
    extraProviders,
  });
  const builder = Test.createTestingModule({
    imports: [auth],
    controllers: [AppController],
    providers,
  });
  app = (await replace(builder).compile()).createNestApplication({ logger: false });
  await app.listen(0, '127.0.0.1');
  return (await app.getUrl()).replace('127.0.0.1', 'localhost');
}

const login = (client: HttpClient, path: string) =>
  client.post(`${path}/login`, { body: { username: 'ada', password: PASSWORD } });

/** Logs in, refreshes and calls the guarded routes, all below one path. */
async function useRoutes(url: string, path: string): Promise<void> {
  const client = new HttpClient(url);
  const { body } = await login(client, path);
  const bearer = body?.accessToken ?? 'none';
  await client.post(`${path}/refresh`);
  await client.get(`${path}/sessions`, { bearer });
  await client.get(`${path}/admin`, { bearer });
}

/** Where the replacement was called. */
async function whereItWorks(
  [token, replacement, ...methods]: (typeof replaceable)[number],
  way: keyof typeof ways,
): Promise<string> {
  const value = replacement() as Record<string, () => unknown>;
  const spies = methods.map((method) => jest.spyOn(value, method));
  const wasCalled = () => spies.some((spy) => spy.mock.calls.splice(0).length > 0);
  // Without a DataSource and a store, the boot stops unless the replacement is the store.
  const options =
    token === TypeOrmRefreshTokenStore && way !== 'overrideGuard' ? { options: {} } : {};
  const url = await start({ ...options, ...ways[way](token, value) });
  await useRoutes(url, '/auth');
  const inTheModule = wasCalled();
  await useRoutes(url, '/app');
  const inTheApp = wasCalled();
  await app?.close();
  if (inTheModule && inTheApp) return 'everywhere';
  if (inTheApp) return 'your routes';
  return inTheModule ? 'the module’s routes' : 'no';
}

describe('the table of classes in docs/guides/replacing-parts.md', () => {
  const rows = new Markdown('docs/guides/replacing-parts.md').tableUnder('## Classes');
  const columns = Object.keys(ways) as (keyof typeof ways)[];

  it.each(replaceable.map((each) => [each[0].name, each] as const))(
    'says where %s can be replaced, and how',
    async (name, each) => {
      const found: string[] = [];
      for (const way of columns) found.push(await whereItWorks(each, way));
      const row = rows.find(([cell]) => cell === `\`${name}\``);
      expect(row?.slice(1, 1 + columns.length)).toEqual(found);
    },
  );

  it('has every exported class that Nest makes, and no other', () => {
    const named = rows.map(([cell]) => cell!.replaceAll('`', ''));
    expect(named).toEqual(replaceable.map(([{ name }]) => name));
    const classes = Object.values(library).filter(isClass);
    const others = classes.map(({ name }) => name).filter((name) => !named.includes(name));
    expect(others.filter((name) => !/Error$|\d{13}$/.test(name)).toSorted()).toEqual([
      'AuthModule',
      'AuthRateLimit',
      'RefreshToken',
    ]);
  });
});

it('overrideProvider replaces a guard that the app provides itself, where that one is used', async () => {
  const guard = signedInAs({ id: '1' });
  const url = await start({
    providers: [JwtAuthGuard, { provide: APP_GUARD, useExisting: JwtAuthGuard }],
    ...ways.overrideProvider(JwtAuthGuard, guard),
  });
  const client = new HttpClient(url);
  expect((await client.get('/app/open')).status).toBe(200);
  expect((await client.get('/app/sessions')).status).toBe(401);
});

it('AuthGuard of @nestjs/passport runs the strategy that replaces AccessTokenStrategy', async () => {
  const url = await start({
    options: { store: new MemoryRefreshTokenStore(), passportName: 'replaced-jwt' },
    ...ways.overrideProvider(AccessTokenStrategy, signedInAs({ id: '1' })),
  });
  expect((await new HttpClient(url).get('/app/passport')).status).toBe(200);
});

@Injectable()
class HintingResponses extends AuthResponses {
  override sendTokens(issued: IssuedTokens, response: unknown): TokenBody {
    (response as { cookie(name: string, value: string): void }).cookie('signed_in', '1');
    return super.sendTokens(issued, response);
  }
}

@Injectable()
class NetworkRequests extends AuthRequests {
  override clientOf(request: HttpRequest) {
    return { ...super.clientOf(request), ip: '192.0.2.7' };
  }
}

it('a class that extends AuthResponses or AuthRequests takes its place by extraProviders', async () => {
  const store = new MemoryRefreshTokenStore();
  const url = await start({
    options: { store },
    extraProviders: [
      { provide: AuthResponses, useClass: HintingResponses },
      { provide: AuthRequests, useClass: NetworkRequests },
    ],
  });
  for (const path of ['/auth', '/app']) {
    const response = await login(new HttpClient(url), path);
    expect([response.status, cookieSetBy(response, 'signed_in')]).toEqual([200, '1']);
  }
  const sessions = await store.listActive('1', Date.now(), 10);
  expect(sessions.map(({ ip }) => ip)).toEqual(['192.0.2.7', '192.0.2.7']);
});

function isClass(value: unknown): value is Type {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}
