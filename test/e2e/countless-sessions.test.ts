import { describe, expect, it } from '@jest/globals';
import { IsNull } from 'typeorm';
import { databaseKinds } from '../harness/databases.js';
import { withTestApp } from '../harness/test-app.js';
import { insertSessions } from '../store/many-sessions.js';

const DAY = 24 * 60 * 60_000;
const SESSIONS = 20_000;

describe.each(databaseKinds)('a user of 20,000 sessions on $name', (database) => {
  it('gets a list of limited length, and has fewer with every login', async () => {
    await withTestApp({ database }, async (test) => {
      const { accessToken: bearer } = await test.loggedIn();
      const { userId } = (await test.sessions.find())[0]!;
      const absoluteExpiresAt = test.clock.now() + 29 * DAY;
      const rows = Array.from({ length: SESSIONS }, (_, i) => ({
        id: `session-${i}`,
        userId,
        absoluteExpiresAt: absoluteExpiresAt + i,
      }));
      await insertSessions(test.dataSource, rows);

      const list = await test.client().get('/auth/sessions', { bearer });
      expect([list.status, list.body.length]).toEqual([200, 1000]);
      expect(list.body[0].current).toBe(true);

      const left = async () => test.sessions.countBy({ userId, revokedAt: IsNull() });
      await test.auth.loginAs(userId);
      expect(await left()).toBe(SESSIONS + 2 - 20);
      await test.auth.loginAs(userId);
      expect(await left()).toBe(SESSIONS + 3 - 40);
    });
  });
});
