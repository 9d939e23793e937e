import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { databaseKinds } from '../harness/databases.js';
import { PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

const ATTEMPTS = 3;

describe.each(databaseKinds)('registrations, counted in $name,', (database) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({
      database,
      options: { limits: { registration: { attempts: ATTEMPTS }, store: 'database' } },
      prepare: (app) => (app as NestExpressApplication).set('trust proxy', true),
    });
  });
  afterAll(() => test.close());

  const send = (path: string, username: string, from: string, password = PASSWORD) =>
    test
      .client()
      .post(path, { body: { username, password }, headers: { 'x-forwarded-for': from } });

  it('from one address are limited, even successful ones, and nobody else waits', async () => {
    const responses = [
      await send('/auth/register', 'ada', '192.0.2.1'),
      await send('/auth/register', 'ada', '192.0.2.1'),
      await send('/auth/register', 'grace', '192.0.2.1', 'short'),
      await send('/auth/register', 'grace', '192.0.2.1'),
    ];
    expect(responses.map(({ status }) => status)).toEqual([201, 409, 400, 429]);
    expect(responses[3]!.body.code).toBe('too_many_attempts');
    expect(Number(responses[3]!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await test.users.count()).toBe(1);

    expect((await send('/auth/register', 'grace', '192.0.2.2')).status).toBe(201);
    expect((await send('/auth/login', 'ada', '192.0.2.1')).status).toBe(200);
  });
});
