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

  it('asks the database nothing in 1,000 requests; only the poll of revocations goes on', async () => {
    const { client, accessToken } = await test.loggedIn();
    test.statements.length = 0;
    for (let i = 0; i < 1000; i += 1) {
      expect((await client.get('/guarded', { bearer: accessToken })).status).toBe(200);
    }
    expect(test.statements.filter((statement) => !isPoll(statement))).toEqual([]);
  });
});
