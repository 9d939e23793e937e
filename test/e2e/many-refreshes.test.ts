import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseKinds } from '../harness/databases.js';
import { cookieSetBy } from '../harness/http-client.js';
import { COOKIE, startTestApp, type TestApp } from '../harness/test-app.js';

/** The revocation feed's poll is the only other statement; it belongs to no request. */
const isPoll = (statement: string) => /revoked_at\W+>=/.test(statement);
const isUpdate = (statement: string) => /^UPDATE\W+refresh_tokens\W/.test(statement);
const isUserSelect = (statement: string) => /^SELECT.*FROM\W+users\W/.test(statement);

describe.each(databaseKinds)('many refreshes on $name', (database) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database });
  });
  afterAll(() => test.close());

  it('gives 50 simultaneous ones the same successor, and the session moves one generation', async () => {
    const { client } = await test.loggedIn();
    const [session] = await test.sessions.find({ order: { createdAt: 'DESC' }, take: 1 });
    const cookie = `${COOKIE}=${await client.cookie(COOKIE)}`;

    const responses = await Promise.all(
      Array.from({ length: 50 }, () => test.client().post('/auth/refresh', { cookie })),
    );

    expect(responses.map(({ status }) => status)).toEqual(Array(50).fill(200));
    expect(new Set(responses.map((response) => cookieSetBy(response, COOKIE))).size).toBe(1);
    expect(await test.sessions.findOneByOrFail({ id: session!.id })).toMatchObject({
      generation: 1,
      revokedAt: null,
    });
  });

  it('rotate 10,000 times in one row, each with one UPDATE and one SELECT of the user', async () => {
    const rotations = 10_000;
    const { client } = await test.loggedIn();
    let token = (await client.cookie(COOKIE))!;
    const rowsBefore = await test.sessions.count();
    test.statements.length = 0;

    for (let i = 0; i < rotations; i += 1) {
      const { refreshToken } = await test.auth.refresh(token);
      token = refreshToken!.token;
      test.clock.advance({ seconds: 30 });
    }

    const statements = test.statements.filter((statement) => !isPoll(statement));
    expect(statements.filter(isUpdate)).toHaveLength(rotations);
    expect(statements.filter(isUserSelect)).toHaveLength(rotations);
    expect(
      statements.filter((statement) => !isUpdate(statement) && !isUserSelect(statement)),
    ).toEqual([]);
    expect(await test.sessions.count()).toBe(rowsBefore);
    expect(await test.sessions.maximum('generation')).toBe(rotations);
  }, 600_000);
});
