import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseKinds } from '../harness/databases.js';
import { startTestApp, type TestApp } from '../harness/test-app.js';

const isPoll = (statement: string) => /^SELECT.*revoked_at\W+>=/.test(statement);

describe.each(databaseKinds)('the guard on $name', (database) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database });
  });
  afterAll(() => test.close());

  it('makes no database query in 1,000 requests; only the poll for revocations continues', async () => {
    const { client, accessToken } = await test.loggedIn();
    test.statements.length = 0;
    for (let i = 0; i < 1000; i += 1) {
      expect((await client.get('/guarded', { bearer: accessToken })).status).toBe(200);
    }
    expect(test.statements.filter((statement) => !isPoll(statement))).toEqual([]);
  });
});
