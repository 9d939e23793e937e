import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Post, Req, UseGuards } from '@nestjs/common';
import {
  AuthService,
  JwtRefreshGuard,
  presentedRefreshToken,
  type HttpRequest,
} from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import { adapters, startTestApp, type TestApp } from '../harness/test-app.js';

@Controller('mobile')
class MobileController {
  constructor(private readonly auth: AuthService) {}

  @Post('refresh')
  @UseGuards(JwtRefreshGuard)
  async refresh(@Req() request: object) {
    const { accessToken } = await this.auth.refresh(presentedRefreshToken(request as HttpRequest));
    return { accessToken };
  }
}

const ERROR_HEADERS = ['www-authenticate', 'cache-control'];

describe.each(adapters)('the guard of refresh cookies on %s', (adapter) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, adapter, controllers: [MobileController] });
  });
  afterAll(() => test.close());

  it.each(['/auth/refresh', '/mobile/refresh'])(
    'refuses a refresh with the same headers on the module’s route and on an own one: %s',
    async (path) => {
      const { client } = await test.loggedIn();
      const cookie = await client.jar.getCookieString(client.url);
      const headersOf = async (given: Parameters<typeof client.post>[1]) => {
        const { status, body, headers, setCookies } = await client.post(path, given);
        return [status, body.code, ...ERROR_HEADERS.map((n) => headers.get(n)), setCookies.length];
      };
      const lost = { loseResponse: true };
      expect(await headersOf({ cookie: 'a=1' })).toEqual([
        401,
        'refresh_missing',
        'Bearer',
        'no-store',
        0,
      ]);
      const other = { 'sec-fetch-site': 'cross-site' };
      expect(await headersOf({ cookie, headers: other })).toEqual([
        403,
        'csrf_rejected',
        null,
        'no-store',
        0,
      ]);
      expect((await client.post(path, { cookie, ...lost })).headers.get('cache-control')).toBe(
        'no-store',
      );
      test.clock.advance({ days: 31 });
      expect(await headersOf({ cookie, ...lost })).toEqual([
        401,
        'refresh_expired',
        'Bearer',
        'no-store',
        1,
      ]);
    },
  );
});
