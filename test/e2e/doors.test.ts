import {
  Body,
  Controller,
  ForbiddenException,
  Get,
  HttpCode,
  Injectable,
  Post,
  Req,
  Res,
  UseGuards,
  type CanActivate,
} from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  AuthController,
  AuthError,
  AuthRequests,
  AuthResponses,
  AuthService,
  JwtAuthGuard,
  Public,
  SameSiteGuard,
  type HttpRequest,
  type TokenBody,
} from 'nestjs-refresh-auth';
import { sqliteKind as database } from '../harness/databases.js';
import {
  adapters,
  COOKIE,
  DEVICE_COOKIE,
  PASSWORD,
  startTestApp,
  type AdapterName,
  type TestApp,
} from '../harness/test-app.js';

const ATTACK = { 'sec-fetch-site': 'cross-site' };

let test: TestApp;
afterEach(() => test?.close());

/** Proves who somebody is without a password: here a name is proof enough. */
@Injectable()
class Passkeys {
  readonly owners = new Map<string, string>();

  async verify(body: unknown): Promise<string> {
    const owner = this.owners.get((body as { passkey?: string } | undefined)?.passkey ?? '');
    if (owner === undefined) throw new AuthError('invalid_credentials', 'Not a known passkey.');
    return owner;
  }
}

@Controller('passkey')
@Public()
class PasskeyController {
  constructor(
    private readonly passkeys: Passkeys,
    private readonly auth: AuthService,
    private readonly requests: AuthRequests,
    private readonly responses: AuthResponses,
  ) {}

  @Post('login')
  @HttpCode(200)
  @UseGuards(SameSiteGuard)
  login(
    @Body() body: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenBody> {
    return this.responses.withErrorHeaders(response, async () => {
      const issued = await this.auth.loginAs(
        await this.passkeys.verify(body),
        this.requests.clientOf(request),
        this.requests.refreshTokens(request),
        this.requests.deviceToken(request),
      );
      return this.responses.sendTokens(issued, response);
    });
  }

  @Post('logout')
  @HttpCode(204)
  @UseGuards(SameSiteGuard)
  async logout(@Req() request: HttpRequest, @Res({ passthrough: true }) response: unknown) {
    for (const token of this.requests.refreshTokens(request)) await this.auth.logout(token);
    this.responses.clearAfterLogout(response);
  }
}

async function startWithPasskeys(adapter: AdapterName) {
  test = await startTestApp({
    adapter,
    database,
    controllers: [PasskeyController],
    providers: [Passkeys],
    options: { limits: { registration: { attempts: 1000 } } },
  });
  const { username, client } = await test.loggedIn();
  const { id } = await test.users.findOneByOrFail({ username });
  test.app.get(Passkeys).owners.set('key of ada', String(id));
  return { owner: client, id: String(id) };
}

describe.each(adapters)('an own login route on %s', (adapter) => {
  it('starts a session whose cookie the normal routes refresh and log out', async () => {
    const { id } = await startWithPasskeys(adapter);
    const client = test.client();
    const login = await client.post('/passkey/login', { body: { passkey: 'key of ada' } });
    expect([login.status, login.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(login.body).toEqual({
      accessToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: 900,
    });
    expect(await client.cookie(COOKIE)).toMatch(/^ey/);
    const refreshed = await client.post('/auth/refresh');
    expect(refreshed.status).toBe(200);
    const { status } = await client.get('/auth/me', { bearer: refreshed.body.accessToken });
    expect(status).toBe(200);
    expect((await client.post('/auth/logout')).status).toBe(204);
    // The one that registered is still there.
    expect(await test.auth.listSessions(id)).toHaveLength(1);
  });

  it('replaces the session that the browser had, and lets it keep the device of the new one', async () => {
    const { owner, id } = await startWithPasskeys(adapter);
    const [before] = await test.auth.listSessions(id);
    const login = await owner.post('/passkey/login', { body: { passkey: 'key of ada' } });
    expect(login.status).toBe(200);
    const sessions = await test.auth.listSessions(id);
    expect(sessions).toHaveLength(1);
    expect(sessions[0]!.id).not.toBe(before!.id);
    expect(await owner.cookie(DEVICE_COOKIE)).toContain(sessions[0]!.id);
    expect(sessions[0]!.ip).toBe('127.0.0.1');
  });

  it('is refused to another site, and an error has its headers', async () => {
    await startWithPasskeys(adapter);
    const client = test.client();
    const body = { passkey: 'key of ada' };
    const attack = await client.post('/passkey/login', { body, headers: ATTACK });
    expect([attack.status, attack.body.code, attack.setCookies]).toEqual([
      403,
      'csrf_rejected',
      [],
    ]);
    const wrong = await client.post('/passkey/login', { body: { passkey: 'of somebody else' } });
    expect([wrong.status, wrong.body.code]).toEqual([401, 'invalid_credentials']);
    expect(wrong.headers.get('www-authenticate')).not.toBeNull();
  });

  it('logs out as the normal route does', async () => {
    const { owner, id } = await startWithPasskeys(adapter);
    const logout = await owner.post('/passkey/logout');
    expect([logout.status, logout.headers.get('cache-control')]).toEqual([204, 'no-store']);
    expect(logout.setCookies.join()).toContain(`${COOKIE}=;`);
    expect(await test.auth.listSessions(id)).toEqual([]);
  });
});

/** What the tests of an own controller count. */
const seen: string[] = [];

@Injectable()
class OfficeHours implements CanActivate {
  canActivate(): boolean {
    if (seen.includes('closed')) throw new ForbiddenException();
    return true;
  }
}

class MyAuth extends AuthController {
  override async login(...given: Parameters<AuthController['login']>): Promise<TokenBody> {
    const body = await super.login(...given);
    seen.push('login');
    return { ...body, theme: 'dark' } as TokenBody;
  }

  @UseGuards(OfficeHours)
  override async logout(...given: Parameters<AuthController['logout']>): Promise<void> {
    await super.logout(...given);
    seen.push('logout');
  }

  override async register(...given: Parameters<AuthController['register']>): Promise<TokenBody> {
    seen.push('register');
    return super.register(...given);
  }

  @Post('magic-link')
  @HttpCode(200)
  @Public()
  @UseGuards(SameSiteGuard)
  magicLink(
    @Body() body: { userId?: string } | undefined,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenBody> {
    return this.handle({ where: 'magicLink', request, response }, async () => {
      const userId = body?.userId ?? '';
      const issued = await this.auth.loginAs(userId, this.requests.clientOf(request));
      return this.responses.sendTokens(issued, response);
    });
  }

  @Get('secret')
  @UseGuards(JwtAuthGuard)
  secret(): string {
    return 'for whoever is logged in';
  }
}

describe.each(adapters)('a class that extends AuthController on %s', (adapter) => {
  const start = async (registration = true) => {
    seen.length = 0;
    test = await startTestApp({
      adapter,
      database,
      extras: { controller: MyAuth, path: 'account', registration },
    });
  };

  it('has the routes at the path, as it changes them and with their guards', async () => {
    await start();
    const client = test.client();
    const body = { username: 'ada', password: PASSWORD };
    expect((await client.post('/account/register', { body })).status).toBe(201);
    const login = await client.post('/account/login', { body });
    expect([login.status, login.body.theme]).toEqual([200, 'dark']);
    expect(login.headers.get('cache-control')).toBe('no-store');
    const attack = await client.post('/account/login', { body, headers: ATTACK });
    expect([attack.status, attack.body.code]).toEqual([403, 'csrf_rejected']);
    expect((await client.post('/account/refresh')).status).toBe(200);
    expect((await client.post('/account/logout', { headers: ATTACK })).status).toBe(403);
    expect((await client.post('/account/logout')).status).toBe(204);
    expect(seen).toEqual(['register', 'login', 'logout']);
    expect((await client.post('/auth/login', { body })).status).toBe(404);
  });

  it('keeps the guards that its methods add', async () => {
    await start();
    seen.push('closed');
    expect((await test.client().post('/account/logout')).status).toBe(403);
  });

  it('has the routes that it adds, with the rules of all routes', async () => {
    await start();
    const client = test.client();
    const body = { username: 'ada', password: PASSWORD };
    await client.post('/account/register', { body });
    const { id } = await test.users.findOneByOrFail({ username: 'ada' });
    const link = await client.post('/account/magic-link', { body: { userId: String(id) } });
    expect([link.status, link.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect((await client.post('/account/refresh')).status).toBe(200);
    expect((await client.get('/account/secret')).status).toBe(401);
    const secret = await client.get('/account/secret', { bearer: link.body.accessToken });
    expect(secret.status).toBe(200);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const sent = await client.post('/account/magic-link', { body: 'userId=1', headers: form });
    expect(sent.status).toBeGreaterThanOrEqual(400);
  });

  it('lets nobody register unless that was asked for', async () => {
    await start(false);
    const body = { username: 'ada', password: PASSWORD };
    expect((await test.client().post('/account/register', { body })).status).toBe(404);
    expect((await test.client().post('/account/login', { body })).status).toBe(401);
    expect(seen).toEqual([]);
  });
});
