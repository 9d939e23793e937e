import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { AuthEvent } from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import { adapters, startTestApp, type AdapterName } from '../harness/test-app.js';
import { waitUntil } from '../harness/wait-until.js';
import { withResolvers } from '../unit/in-memory-app.js';

const cleanUps: (() => unknown)[] = [];

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).toReversed()) await cleanUp();
});

/** An instance that received the signal to stop, and another one. The first serves requests until `leave()`. */
async function draining(adapter: AdapterName, failClosed: boolean) {
  const isHeld = withResolvers();
  const letGo = withResolvers();
  const events: AuthEvent[] = [];

  @Injectable()
  class SlowToLeave implements BeforeApplicationShutdown {
    async beforeApplicationShutdown(): Promise<void> {
      isHeld.resolve();
      await letGo.promise;
    }
  }

  const other = await startTestApp({ database: sqliteKind });
  cleanUps.push(() => other.close());
  const { databaseUrl, clock } = other;
  const test = await startTestApp({
    adapter,
    database: sqliteKind,
    databaseUrl,
    clock,
    providers: [SlowToLeave],
    options: { revocation: { failClosed }, events: (event) => void events.push(event) },
  });
  const { client, accessToken } = await test.loggedIn();
  const closing = test.close();
  cleanUps.push(() => (letGo.resolve(), closing));
  await isHeld.promise;
  const guarded = async (bearer = accessToken) =>
    (await test.client().get('/guarded', { bearer })).body.code ?? 'in';
  const leave = () => (letGo.resolve(), closing);
  return { other, test, client, guarded, leave, clock, events };
}

describe.each(adapters)(
  'an instance on %s that was signalled to stop, but still serves requests,',
  (adapter) => {
    it.each([false, true])(
      'notices ended sessions until it exits (failClosed: %s)',
      async (failClosed) => {
        const { other, client, guarded, leave, clock } = await draining(adapter, failClosed);
        for (let i = 0; i < 3; i += 1) {
          clock.advance({ seconds: 2 });
          await waitUntil(async () => (await guarded()) === 'in');
        }
        const cookie = `__Host-refresh_token=${await client.cookie('__Host-refresh_token')}`;
        await other.client().post('/auth/logout', { cookie });
        await waitUntil(async () => (await guarded()) === 'session_revoked');
        await leave();
        await expect(guarded()).rejects.toThrow('fetch failed');
      },
    );

    it('stops without errors if its database is closed first', async () => {
      const { test, leave, events } = await draining(adapter, false);
      await test.dataSource.destroy();
      const countBefore = test.statements.length;
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(test.statements.length).toBeGreaterThanOrEqual(countBefore);
      await leave();
      expect(events.filter(({ type }) => type === 'store_unavailable')).toEqual([]);
    });
  },
);
