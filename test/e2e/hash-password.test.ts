import { afterEach, describe, expect, it } from '@jest/globals';
import argon2 from 'argon2';
import { sqliteKind as database } from '../harness/databases.js';
import { startTestApp, type TestApp } from '../harness/test-app.js';

let test: TestApp;
afterEach(() => test?.close());

describe('hashPassword', () => {
  it('makes what login verifies, with the configured costs', async () => {
    const passwords = { memoryCost: 20480, timeCost: 3, parallelism: 1 };
    test = await startTestApp({ database, options: { passwords } });
    const { username } = await test.loggedIn();
    const hash = await test.auth.hashPassword('a seeded horse battery');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=20480,t=3,p=1\$/);
    expect(await argon2.verify(hash, 'a seeded horse battery')).toBe(true);
    await test.users.update({ username }, { passwordHash: hash });
    const body = { username, password: 'a seeded horse battery' };
    expect((await test.client().post('/auth/login', { body })).status).toBe(200);
    // Login does not change a hash with the configured costs.
    expect((await test.users.findOneByOrFail({ username })).passwordHash).toBe(hash);
  });

  it.each([
    ['too short', 'short', [], /at least/],
    ['common', 'passwordpassword', [], /most used/],
    ['made of the user’s own words', 'adalovelace1815', ['ada.lovelace@example.org'], /own name/],
    ['no text', 7 as unknown as string, [], /must be a text/],
  ])('refuses a password that is %s', async (_what, password, ownWords, sentence) => {
    test = await startTestApp({ database });
    await expect(test.auth.hashPassword(password, ownWords)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(sentence),
    });
  });
});
