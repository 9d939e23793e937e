import { Controller, Get, Injectable, Post, Req, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AuthGuard } from '@nestjs/passport';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AuthService,
  CurrentUser,
  JwtAuthGuard,
  JwtRefreshGuard,
  presentedRefreshToken,
  Public,
  Roles,
  RolesGuard,
  type AuthenticatedUser,
  type HttpRequest,
} from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import { cookieSetBy } from '../harness/http-client.js';
import { adapters, COOKIE, PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

@Injectable()
class OptionalAuthGuard extends JwtAuthGuard {
  override handleRequest<User>(_error: unknown, user: AuthenticatedUser | null): User {
    return user as User;
  }
}

@Controller('notes')
@UseGuards(JwtAuthGuard)
class NotesController {
  @Get()
  mine(@CurrentUser() user: AuthenticatedUser): AuthenticatedUser {
    return user;
  }

  @Get('author')
  author(@CurrentUser('username') name: string, @CurrentUser('nickname') nickname: unknown) {
    return { name, hasNickname: nickname !== undefined };
  }

  @Get('published')
  @Public()
  published(@CurrentUser() user: unknown, @CurrentUser('id') id: unknown) {
    return { isAnonymous: user === undefined && id === undefined };
  }
}

@Controller('shop')
class ShopController {
  @Get()
  @UseGuards(OptionalAuthGuard)
  browse(@CurrentUser('username') name: string | undefined) {
    return { greeting: `Welcome, ${name ?? 'stranger'}` };
  }

  @Get('basket')
  @UseGuards(JwtAuthGuard)
  basket(): string {
    return 'empty';
  }
}

@Controller('office')
@UseGuards(JwtAuthGuard, RolesGuard)
@Roles('admin', 'editor')
class OfficeController {
  @Get()
  desk(): string {
    return 'a desk';
  }

  @Get('lobby')
  @Public()
  lobby(): string {
    return 'a sofa';
  }

  @Get('safe')
  @Roles('owner')
  safe(): string {
    return 'gold';
  }
}

@Controller('roles-alone')
@UseGuards(RolesGuard)
class RolesAloneController {
  @Get()
  @Roles('admin')
  closed(): string {
    return 'never';
  }

  @Get('open')
  open(): string {
    return 'always';
  }
}

@Controller('passport')
class PassportController {
  @Get()
  @UseGuards(AuthGuard('jwt'))
  mine(@CurrentUser() user: AuthenticatedUser): AuthenticatedUser {
    return user;
  }
}

@Controller('mobile')
class MobileController {
  constructor(private readonly auth: AuthService) {}

  @Post('refresh')
  @UseGuards(JwtRefreshGuard)
  async refresh(@Req() request: object) {
    const presented = presentedRefreshToken(request as HttpRequest);
    const { accessToken, refreshToken } = await this.auth.refresh(presented);
    return { accessToken, refreshToken: refreshToken?.token ?? null };
  }
}

const controllers = [
  NotesController,
  ShopController,
  OfficeController,
  RolesAloneController,
  PassportController,
  MobileController,
];

describe.each(adapters)('a guarded route on %s', (adapter) => {
  let test: TestApp;

  beforeAll(async () => {
    // The poll for revocations would be among the statements.
    const options = { passportName: 'jwt', revocation: { pollInterval: '1h' } };
    test = await startTestApp({ database: sqliteKind, adapter, controllers, options });
  });
  afterAll(() => test.close());

  it.each(['/notes', '/shop/basket'])('lets in a logged-in user: %s', async (path) => {
    const { client, accessToken } = await test.loggedIn();
    expect((await client.get(path, { bearer: accessToken })).status).toBe(200);
    expect((await client.get(path)).status).toBe(401);
  });

  it('requires a token, and reports that in the body and in the header', async () => {
    const response = await test.client().get('/notes');
    expect(response.body).toEqual({
      statusCode: 401,
      error: 'Unauthorized',
      message: 'Send an access token: Authorization: Bearer <token>.',
      code: 'token_missing',
    });
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
  });

  it.each([
    ['token_invalid', 'The access token is not valid.'],
    ['token_expired', 'The access token has expired. Refresh it.'],
    ['session_revoked', 'The session was ended. Log in again.'],
  ])('reports %s for a bad token, in the body and in the header', async (code, sentence) => {
    const { client, accessToken } = await test.loggedIn();
    if (code === 'token_expired') test.clock.advance({ minutes: 15 });
    if (code === 'session_revoked') await client.post('/auth/logout');
    const bearer = code === 'token_invalid' ? 'bad' : accessToken;
    const response = await client.get('/notes', { bearer });
    expect([response.status, response.body.code]).toEqual([401, code]);
    expect(response.headers.get('www-authenticate')).toBe(
      `Bearer error="invalid_token", error_description="${sentence}"`,
    );
  });

  it('makes no database query', async () => {
    const { client, accessToken } = await test.loggedIn();
    const before = test.statements.length;
    await client.get('/notes', { bearer: accessToken });
    await client.get('/notes', { bearer: 'bad' });
    expect(test.statements.length).toBe(before);
  });

  it('gives the handler the user, or one claim of the user', async () => {
    const { client, accessToken, username } = await test.loggedIn();
    const { body } = await client.get('/notes', { bearer: accessToken });
    expect(body).toEqual({
      id: expect.stringMatching(/^\d+$/),
      sessionId: expect.stringMatching(/^[0-9a-f]{32}$/),
      username,
      email: null,
      roles: ['user'],
    });
    const author = await client.get('/notes/author', { bearer: accessToken });
    expect(author.body).toEqual({ name: username, hasNickname: false });
  });

  it('is open where it is public, even with bad tokens, and then has no user', async () => {
    const { client, accessToken } = await test.loggedIn();
    for (const options of [{}, { bearer: 'bad' }, { bearer: accessToken }]) {
      const response = await client.get('/notes/published', options);
      expect([response.status, response.body]).toEqual([200, { isAnonymous: true }]);
    }
  });

  it('can be open to everybody and still know a logged-in user', async () => {
    const { client, accessToken, username } = await test.loggedIn();
    const greeting = async (bearer?: string) =>
      (await client.get('/shop', bearer === undefined ? {} : { bearer })).body.greeting;
    expect(await greeting(accessToken)).toBe(`Welcome, ${username}`);
    expect(await greeting()).toBe('Welcome, stranger');
    expect(await greeting('bad')).toBe('Welcome, stranger');
  });

  it('lets in only the roles it names; the route’s roles take precedence over the controller’s', async () => {
    const { client, accessToken, username } = await test.loggedIn();
    const refused = await client.get('/office', { bearer: accessToken });
    expect([refused.status, refused.body.code]).toEqual([403, 'insufficient_role']);
    expect(refused.headers.get('www-authenticate')).toBeNull();
    expect(refused.body.message).toBe('This needs one of the roles: admin, editor.');

    await test.users.update({ username }, { roles: 'user,editor' });
    const { body } = await client.post('/auth/refresh');
    const bearer = body.accessToken;
    expect((await client.get('/office', { bearer })).status).toBe(200);
    expect((await client.get('/office/safe', { bearer })).status).toBe(403);
    expect((await client.get('/office', { bearer: accessToken })).status).toBe(403);
  });

  it('that is public is open, even if its controller requires a role', async () => {
    expect((await test.client().get('/office/lobby')).status).toBe(200);
  });

  it('with roles but without a user is closed; without roles the roles guard does nothing', async () => {
    const { client, accessToken } = await test.loggedIn();
    const response = await client.get('/roles-alone', { bearer: accessToken });
    expect([response.status, response.body.code]).toEqual([403, 'insufficient_role']);
    expect((await client.get('/roles-alone/open')).status).toBe(200);
  });

  it('works with AuthGuard(‘jwt’) of @nestjs/passport, for apps that use it everywhere', async () => {
    const { client, accessToken, username } = await test.loggedIn();
    const response = await client.get('/passport', { bearer: accessToken });
    expect([response.status, response.body.username]).toEqual([200, username]);
    expect((await client.get('/passport')).status).toBe(401);
    expect((await client.get('/passport', { bearer: 'bad' })).status).toBe(401);
    await client.post('/auth/logout');
    expect((await client.get('/passport', { bearer: accessToken })).status).toBe(401);
  });

  it('of the app itself can use the refresh cookie', async () => {
    const { client } = await test.loggedIn();
    const first = await client.cookie(COOKIE);
    const response = await client.post('/mobile/refresh');
    expect(response.status).toBe(201);
    expect(response.body.refreshToken).toEqual(expect.any(String));
    const bearer = response.body.accessToken;
    expect((await client.get('/guarded', { bearer })).status).toBe(200);

    const again = await client.post('/auth/refresh', { cookie: `${COOKIE}=${first}` });
    expect(cookieSetBy(again, COOKIE)).toBe(response.body.refreshToken);
  });

  it('of the app itself accepts no refresh cookie that another site sent', async () => {
    const { client } = await test.loggedIn();
    const headers = { 'sec-fetch-site': 'cross-site' };
    const response = await client.post('/mobile/refresh', { headers });
    expect([response.status, response.body.code]).toEqual([403, 'csrf_rejected']);
  });

  it.each([
    ['', 'refresh_missing'],
    [`${COOKIE}=bad`, 'refresh_invalid'],
    [`__Secure-${COOKIE}=x`, 'refresh_missing'],
  ])('of the app itself reports the cookie "%s" as: %s', async (cookie, code) => {
    const response = await test.client().post('/mobile/refresh', { cookie });
    expect([response.status, response.body.code]).toEqual([401, code]);
  });
});

describe.each(adapters)('an app-wide guard on %s', (adapter) => {
  let test: TestApp;

  beforeAll(async () => {
    const providers = [{ provide: APP_GUARD, useClass: JwtAuthGuard }];
    test = await startTestApp({ database: sqliteKind, adapter, controllers, providers });
  });
  afterAll(() => test.close());

  it('closes what no other guard closes, and leaves public routes open', async () => {
    const client = test.client();
    expect((await client.get('/roles-alone/open')).status).toBe(401);
    expect((await client.get('/shop')).status).toBe(401);
    expect((await client.get('/notes/published')).status).toBe(200);
  });

  it('leaves login and logout routes open', async () => {
    const client = test.client();
    const body = { username: 'ada', password: PASSWORD };
    expect((await client.post('/auth/register', { body })).status).toBe(201);
    expect((await client.post('/auth/login', { body })).status).toBe(200);
    expect((await client.post('/auth/refresh')).status).toBe(200);
    expect((await client.post('/auth/logout')).status).toBe(204);
    expect((await client.get('/auth/me')).status).toBe(401);
  });
});
