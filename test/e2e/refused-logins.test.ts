import { ForbiddenException } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { AuthController, type TokenBody } from 'nestjs-refresh-auth';
import { sqliteKind as database } from '../harness/databases.js';
import { ACCESS_COOKIE, adapters, COOKIE, PASSWORD, withTestApp } from '../harness/test-app.js';

/** Who still has to show a second factor. */
const challenged = new Set<string>();

class SecondFactor extends AuthController {
  override async login(...given: Parameters<AuthController['login']>): Promise<TokenBody> {
    const tokens = await super.login(...given);
    this.#refuseIfChallenged(given[0]);
    return tokens;
  }

  override async register(...given: Parameters<AuthController['register']>): Promise<TokenBody> {
    const tokens = await super.register(...given);
    this.#refuseIfChallenged(given[0]);
    return tokens;
  }

  override async refresh(...given: Parameters<AuthController['refresh']>): Promise<TokenBody> {
    await super.refresh(...given);
    throw new ForbiddenException('not now');
  }

  #refuseIfChallenged(body: unknown): void {
    if (challenged.has((body as { username: string }).username)) {
      throw new ForbiddenException('second factor');
    }
  }
}

/** With a cookie of the app. */
class WithTheme extends SecondFactor {
  override async login(...given: Parameters<AuthController['login']>): Promise<TokenBody> {
    const response = given[2] as { header(name: string, value: string): unknown };
    response.header('Set-Cookie', 'theme=dark; Path=/');
    return super.login(...given);
  }
}

describe.each(adapters)('a login that a class refuses after super.login(), on %s', (adapter) => {
  const start = (story: Parameters<typeof withTestApp>[1], controller = SecondFactor) => {
    challenged.clear();
    const options = { cookies: { access: true }, limits: { registration: { attempts: 99 } } };
    const extras = { controller };
    return withTestApp({ adapter, database, extras, options }, story);
  };
  const body = { username: 'ada', password: PASSWORD };

  it.each(['login', 'register'])('sets no cookie and leaves no session: %s', async (route) => {
    await start(async (test) => {
      if (route === 'login') await test.client().post('/auth/register', { body });
      challenged.add('ada');
      const client = test.client();
      const refused = await client.post(`/auth/${route}`, { body });
      expect([refused.status, refused.body.message]).toEqual([403, 'second factor']);
      expect(refused.setCookies.filter((each) => !/^[^=]*=;/.test(each))).toEqual([]);
      expect(refused.headers.get('cache-control')).toBe('no-store');
      expect((await client.get('/auth/me')).status).toBe(401);
      const { id } = await test.users.findOneByOrFail({ username: 'ada' });
      expect(await test.auth.listSessions(String(id))).toHaveLength(route === 'login' ? 1 : 0);
    });
  });

  it('keeps the cookies of the app', async () => {
    await start(async (test) => {
      await test.client().post('/auth/register', { body });
      challenged.add('ada');
      const refused = await test.client().post('/auth/login', { body });
      expect(refused.status).toBe(403);
      expect(refused.setCookies).toEqual(['theme=dark; Path=/']);
    }, WithTheme);
  });

  it('keeps all cookies where it isn’t refused', async () => {
    await start(async (test) => {
      await test.client().post('/auth/register', { body });
      const login = await test.client().post('/auth/login', { body });
      expect(login.status).toBe(200);
      const cookies = login.setCookies.join();
      expect(
        ['theme=', `${COOKIE}=ey`, `${ACCESS_COOKIE}=ey`].map((each) => cookies.includes(each)),
      ).toEqual([true, true, true]);
    }, WithTheme);
  });

  it('unlike a refused refresh, whose session goes on with the cookie that it rotated to', async () => {
    await start(async (test) => {
      const client = test.client();
      await client.post('/auth/register', { body });
      const refused = await client.post('/auth/refresh');
      expect([refused.status, refused.setCookies.join()]).toEqual([
        403,
        expect.stringContaining(`${COOKIE}=ey`),
      ]);
    });
  });
});
