import { Controller, Get, UseGuards } from '@nestjs/common';
import { AuthGuard } from '@nestjs/passport';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqliteKind } from '../harness/databases.js';
import {
  ACCESS_SECRET,
  COOKIE,
  REFRESH_SECRET,
  startTestApp,
  type TestApp,
} from '../harness/test-app.js';

@Controller('passport')
class PassportController {
  @Get()
  @UseGuards(AuthGuard('jwt'))
  open(): string {
    return 'open';
  }
}

const codeOf = async (test: TestApp, bearer: string) =>
  (await test.client().get('/guarded', { bearer })).body.code;

describe('two apps in one process', () => {
  let one: TestApp;
  let two: TestApp;

  beforeAll(async () => {
    const app = { database: sqliteKind, controllers: [PassportController] };
    one = await startTestApp({ ...app, options: { passportName: 'jwt' } });
    const options = {
      accessToken: { secret: `two ${ACCESS_SECRET}` },
      refreshToken: { secret: `two ${REFRESH_SECRET}` },
    };
    two = await startTestApp({ ...app, options });
  });
  afterAll(() => Promise.all([one.close(), two.close()]));

  it('accept their own access tokens and not each other’s', async () => {
    const [inOne, inTwo] = [await one.loggedIn(), await two.loggedIn()];
    expect(await codeOf(one, inTwo.accessToken)).toBe('token_invalid');
    expect(await codeOf(two, inOne.accessToken)).toBe('token_invalid');
    expect(await codeOf(one, inOne.accessToken)).toBeUndefined();
    expect(await codeOf(two, inTwo.accessToken)).toBeUndefined();
  });

  it('accept their own refresh cookies, and leave each other’s alone', async () => {
    const { client } = await one.loggedIn();
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;
    const response = await two.client().post('/auth/refresh', { cookie });
    expect([response.body.code, response.setCookies]).toEqual(['refresh_invalid', []]);
    expect((await client.post('/auth/refresh')).status).toBe(200);
  });

  it('don’t replace each other’s strategy name in Passport', async () => {
    const { client, accessToken: bearer } = await one.loggedIn();
    expect((await client.get('/passport', { bearer })).status).toBe(200);
  });
});
