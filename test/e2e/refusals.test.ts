import { request as nodeRequest } from 'node:http';
import { Controller, Get, Post, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CurrentUser,
  JwtAuthGuard,
  JwtRefreshGuard,
  Public,
  Roles,
  RolesGuard,
  type AuthEvent,
} from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import {
  ACCESS_COOKIE,
  adapters,
  COOKIE,
  PASSWORD,
  startTestApp,
  type TestApp,
} from '../harness/test-app.js';

@Controller('park')
@Public()
class ParkController {
  @Get()
  bench(@CurrentUser() user: unknown) {
    return { isAnonymous: user === undefined };
  }

  @Get('shed')
  @Roles('admin')
  shed(): string {
    return 'tools';
  }
}

@Controller('mobile')
@Public()
class MobileController {
  @Post('refresh')
  @UseGuards(JwtRefreshGuard)
  refresh(): string {
    return 'one of ours';
  }

  @Get('refresh')
  @UseGuards(JwtRefreshGuard)
  look(): string {
    return 'one of ours';
  }
}

const controllers = [ParkController, MobileController];
const providers = [
  { provide: APP_GUARD, useClass: JwtAuthGuard },
  { provide: APP_GUARD, useClass: RolesGuard },
];

describe.each(adapters)('a refused client on %s', (adapter) => {
  let test: TestApp;
  const events: AuthEvent[] = [];

  beforeAll(async () => {
    const options = {
      cookies: { access: true, sameSite: 'none' as const },
      limits: { account: { attempts: 2 } },
      events: async (event: AuthEvent) => void events.push(event),
    };
    test = await startTestApp({ database: sqliteKind, adapter, controllers, providers, options });
  });
  afterAll(() => test.close());

  /** The events of refusals that a call causes. */
  async function refusedIn(story: () => Promise<unknown>): Promise<Partial<AuthEvent>[]> {
    test.clock.advance({ minutes: 1 });
    events.splice(0);
    await story();
    return events.filter(({ type }) => type === 'refused').map(({ at: _at, ...event }) => event);
  }

  const browser = { 'user-agent': 'Test/1.0' };
  const refused = {
    type: 'refused',
    userId: null,
    sessionId: null,
    username: null,
    suppressed: 0,
    ip: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
    userAgent: 'Test/1.0',
  };

  it('is everybody without the role, for a method with roles in a public controller', async () => {
    const { client, accessToken, username } = await test.loggedIn();
    expect((await test.client().get('/park')).body).toEqual({ isAnonymous: true });
    expect((await test.client().get('/park/shed')).body.code).toBe('token_missing');
    const asUser = await client.get('/park/shed', { bearer: accessToken });
    expect([asUser.status, asUser.body.code]).toEqual([403, 'insufficient_role']);
    await test.users.update({ username }, { roles: 'admin' });
    const { body } = await client.post('/auth/refresh');
    expect((await client.get('/park/shed', { bearer: body.accessToken })).body).toBe('tools');
  });

  it('causes an event of each kind, with user, place and address', async () => {
    const { client, accessToken, username } = await test.loggedIn();
    const me = (await client.get('/auth/me', { bearer: accessToken })).body;
    const who = { userId: me.id, sessionId: me.sessionId };
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
    const asStranger = (bearer: string) =>
      test.client().get('/park/shed', { bearer, headers: browser });

    expect(await refusedIn(() => asStranger(accessToken))).toEqual([
      { ...refused, ...who, code: 'insufficient_role', where: 'ParkController.shed' },
    ]);
    expect(await refusedIn(() => asStranger(`${accessToken.slice(0, -4)}AAAA`))).toEqual([
      { ...refused, code: 'token_invalid', where: 'ParkController.shed' },
    ]);
    const crossSite = { headers: { ...browser, 'sec-fetch-site': 'cross-site' }, cookie };
    for (const [path, handler] of [
      ['/auth/login', 'login'],
      ['/auth/refresh', 'refresh'],
      ['/auth/logout', 'logout'],
    ]) {
      expect(await refusedIn(() => test.client().post(path!, crossSite))).toEqual([
        { ...refused, code: 'csrf_rejected', where: handler },
      ]);
    }
    const forged = { cookie: `${COOKIE}=x.y.z`, headers: browser };
    expect(await refusedIn(() => test.client().post('/auth/refresh', forged))).toEqual([
      { ...refused, code: 'refresh_invalid', where: 'refresh' },
    ]);

    await client.post('/auth/logout');
    expect(await refusedIn(() => asStranger(accessToken))).toEqual([
      { ...refused, ...who, code: 'session_revoked', where: 'ParkController.shed' },
    ]);
    const ended = { cookie, headers: browser };
    expect(await refusedIn(() => test.client().post('/auth/refresh', ended))).toEqual([
      { ...refused, ...who, code: 'session_revoked', where: 'refresh' },
    ]);

    const guess = { body: { username, password: `${PASSWORD}!` }, headers: browser };
    const guesses = () => test.client().post('/auth/login', guess);
    await guesses();
    await guesses();
    expect(await refusedIn(guesses)).toEqual([
      { ...refused, code: 'too_many_attempts', where: 'login', username },
    ]);
  });

  it('causes an event for duplicate credentials, with their owner', async () => {
    const { client, accessToken } = await test.loggedIn();
    const me = (await client.get('/auth/me', { bearer: accessToken })).body;
    const other = await test.loggedIn();
    const cookie = `${ACCESS_COOKIE}=${other.accessToken}`;
    const options = { bearer: accessToken, cookie, headers: browser };
    // The second time, the token is in the cache.
    for (let i = 0; i < 2; i += 1) {
      expect(await refusedIn(() => test.client().get('/park/shed', options))).toEqual([
        {
          ...refused,
          code: 'invalid_request',
          userId: me.id,
          sessionId: me.sessionId,
          where: 'ParkController.shed',
        },
      ]);
    }
    const malformed = { bearer: `${accessToken} ${accessToken}`, headers: browser };
    expect(await refusedIn(() => test.client().get('/auth/me', malformed))).toEqual([
      { ...refused, code: 'token_invalid', where: 'me' },
    ]);
  });

  it('causes an event for guessed ids and names', async () => {
    const { client, accessToken, username } = await test.loggedIn();
    const me = (await client.get('/auth/me', { bearer: accessToken })).body;
    const who = { userId: me.id, sessionId: me.sessionId };
    const other = await test.loggedIn();
    const others = (await other.client.get('/auth/me', { bearer: other.accessToken })).body;
    for (const id of [others.sessionId, 'f'.repeat(32), 'x', '%00']) {
      const options = { bearer: accessToken, headers: browser };
      expect(await refusedIn(() => test.client().delete(`/auth/sessions/${id}`, options))).toEqual([
        { ...refused, ...who, code: 'session_not_found', where: 'revokeSession' },
      ]);
    }
    const body = { username, password: PASSWORD };
    const taken = () => test.client().post('/auth/register', { body, headers: browser });
    expect(await refusedIn(taken)).toEqual([
      { ...refused, code: 'username_taken', where: 'register', username },
    ]);
  });

  it('causes an event for refused input, wherever that is detected', async () => {
    const { client, accessToken } = await test.loggedIn();
    const me = (await client.get('/auth/me', { bearer: accessToken })).body;
    const who = { userId: me.id, sessionId: me.sessionId };
    const text = { 'content-type': 'text/plain' };
    const weak = { username: 'eve', password: 'password12345678' };
    for (const [path, where, body, expected, headers] of [
      ['login', 'login', '{', {}, {}],
      ['register', 'register', 'x'.repeat(200_000), {}, {}],
      ['login', 'login', '{}', {}, text],
      ['login', 'login', { username: ['a'], password: 'b' }, {}, {}],
      ['register', 'register', {}, {}, {}],
      ['register', 'register', weak, {}, {}],
      ['password', 'password', { currentPassword: 7 }, who, {}],
      ['password', 'password', { currentPassword: PASSWORD, newPassword: 'x' }, who, {}],
    ] as const) {
      const options = { body, bearer: accessToken, headers: { ...browser, ...headers } };
      const story = () => test.client().post(`/auth/${path}`, options);
      expect([path, body, await refusedIn(story)]).toEqual([
        path,
        body,
        [{ ...refused, ...expected, code: 'invalid_request', where }],
      ]);
    }
  });

  it('is recorded with its text cut to the length of a name', async () => {
    const long = 'x'.repeat(3000);
    const [event] = await refusedIn(() =>
      test.client().get('/park/shed', { bearer: 'x', headers: { 'user-agent': long } }),
    );
    expect(event).toMatchObject({ userAgent: 'x'.repeat(255) });
  });

  it('without a token, or with an expired one, causes no event: that happens every day', async () => {
    const { client, accessToken } = await test.loggedIn();
    const story = async () => {
      await test.client().get('/park/shed');
      test.clock.advance({ minutes: 20 });
      await client.get('/park/shed', { bearer: accessToken });
      await test.client().post('/auth/refresh');
    };
    expect(await refusedIn(story)).toEqual([]);
  });

  it('in a flood causes few events, and one that counts the rest', async () => {
    const counted = await refusedIn(async () => {
      for (let i = 0; i < 30; i += 1) await test.client().get('/park/shed', { bearer: 'x' });
      test.clock.advance({ minutes: 1 });
      await test.client().get('/park/shed', { bearer: 'x' });
    });
    expect(counted.map((event) => (event as { suppressed: number }).suppressed)).toEqual([
      0, 0, 0, 0, 0, 25, 0,
    ]);
  });

  it('is challenged by the refresh guard in an app’s own controller', async () => {
    for (const cookie of ['', `${COOKIE}=bad`]) {
      const authResponse = await test.client().post('/mobile/refresh', { cookie });
      expect([authResponse.status, authResponse.headers.get('www-authenticate')]).toEqual([
        401,
        'Bearer',
      ]);
    }
  });

  it('is checked by the origin that opens a WebSocket, although it begins as a GET', async () => {
    const { client } = await test.loggedIn();
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}; ${ACCESS_COOKIE}=${await client.cookie(ACCESS_COOKIE)}`;
    const statusOf = (path: string, headers: Record<string, string>) =>
      new Promise<number>((resolve, reject) => {
        const url = new URL(test.url);
        const upgrade = nodeRequest(
          {
            host: '127.0.0.1',
            port: url.port,
            path,
            headers: { host: url.host, cookie, ...headers },
          },
          (response) => resolve(response.resume().statusCode!),
        );
        upgrade.on('upgrade', () => reject(new Error('upgraded')));
        upgrade.on('error', reject).end();
      });
    for (const path of ['/guarded', '/mobile/refresh']) {
      const evil = { origin: 'https://evil.example' };
      const own = { origin: test.url };
      expect(await statusOf(path, evil)).toBe(200);
      for (const handshake of [
        { 'sec-fetch-mode': 'websocket' },
        { 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'sec-websocket-version': '13' },
      ]) {
        expect(await statusOf(path, { ...handshake, ...evil })).toBe(403);
        expect(await statusOf(path, { ...handshake, ...own })).toBe(200);
        expect(await statusOf(path, handshake)).toBe(200);
      }
    }
  });
});
