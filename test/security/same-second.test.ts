import { afterEach, describe, expect, it } from '@jest/globals';
import { databaseKinds } from '../harness/databases.js';
import { cookieSetBy } from '../harness/http-client.js';
import {
  COOKIE,
  PASSWORD,
  REFRESH_SECRET,
  startTestApp,
  type TestApp,
} from '../harness/test-app.js';

/** No time passes: everything happens in the same millisecond. */
describe.each(databaseKinds)('within one millisecond on $name', (database) => {
  let test: TestApp;

  afterEach(() => test.close());

  const refresh = (token: string) =>
    test.client().post('/auth/refresh', { cookie: `${COOKIE}=${token}` });
  const guarded = async (bearer: string) =>
    (await test.client().get('/guarded', { bearer })).status;

  it('a logout ends what came before it, and nothing of the login after it', async () => {
    test = await startTestApp({ database });
    const { client, accessToken, username } = await test.loggedIn();
    const before = (await client.cookie(COOKIE))!;
    await client.post('/auth/logout');
    const body = { username, password: PASSWORD };
    const again = await test.client().post('/auth/login', { body });

    expect((await refresh(before)).body.code).toBe('session_revoked');
    expect(await guarded(accessToken)).toBe(401);
    expect((await refresh(cookieSetBy(again, COOKIE)!)).status).toBe(200);
    expect(await guarded(again.body.accessToken)).toBe(200);
  });

  it('a logout ends the result of a refresh that has just finished', async () => {
    test = await startTestApp({ database });
    const { client } = await test.loggedIn();
    const { body } = await client.post('/auth/refresh');
    const successor = (await client.cookie(COOKIE))!;
    await client.post('/auth/logout');
    expect((await refresh(successor)).body.code).toBe('session_revoked');
    expect(await guarded(body.accessToken)).toBe(401);
  });

  it('all sessions end, and those of the logins afterwards live', async () => {
    test = await startTestApp({ database });
    const { client, username } = await test.loggedIn();
    expect(await test.auth.revokeEverything()).toBe(1);
    const body = { username, password: PASSWORD };
    const again = await test.client().post('/auth/login', { body });
    expect((await client.post('/auth/refresh')).status).toBe(401);
    expect(await guarded(again.body.accessToken)).toBe(200);
  });

  it('a token is presented, the app restarts, and the same token gets the same successor', async () => {
    test = await startTestApp({ database });
    const { databaseUrl, clock } = test;
    const { client } = await test.loggedIn();
    const first = (await client.cookie(COOKIE))!;
    const successor = cookieSetBy(await refresh(first), COOKIE);
    expect(successor).not.toBeNull();
    const restarted = await startTestApp({ database, databaseUrl, clock });
    const cookie = `${COOKIE}=${first}`;
    const response = await restarted.client().post('/auth/refresh', { cookie });
    await restarted.close();
    expect([response.status, cookieSetBy(response, COOKIE)]).toEqual([200, successor]);
  });

  it('reuse is distinguished from replay by generations, not by the time', async () => {
    const refreshToken = { secret: REFRESH_SECRET, leeway: 0 };
    test = await startTestApp({ database, options: { refreshToken } });
    const { client } = await test.loggedIn();
    const first = (await client.cookie(COOKIE))!;
    expect((await client.post('/auth/refresh')).status).toBe(200);
    expect((await client.post('/auth/refresh')).status).toBe(200);
    expect((await refresh(first)).body.code).toBe('refresh_reused');
    expect((await client.post('/auth/refresh')).body.code).toBe('session_revoked');
  });
});
