import { describe, expect, it } from '@jest/globals';
import {
  API,
  openAnotherTab,
  credentials,
  openExpiredTabs,
  LOCK_NAME,
  openSignedInTab,
} from './client-tabs.js';
import { deferred, refusal } from './fake-server.js';
import { settle } from './fake-world.js';

describe('a late response', () => {
  /** Without locks, so that the two run at the same time. */
  const apart = { lacks: ['locks' as const] };

  it('to a refresh from before a login elsewhere is dropped', async () => {
    const [first, second] = await openExpiredTabs(2, apart);
    const { world, server } = first!;
    const response = deferred<Response>();
    server.on('/auth/refresh', () => response.promise);
    const straggler = first!.client.refresh();
    await settle();
    await world.until(second!.client.login(credentials));
    const token = await second!.client.getToken();
    await settle();
    expect(await first!.client.getToken()).toBe(token);
    response.resolve(server.issue());
    expect(await world.until(straggler)).toBe(token);
    expect(await first!.client.getToken()).toBe(token);
    expect(await second!.client.getToken()).toBe(token);
  });

  it('that refuses a refresh from before a login elsewhere signs nobody out', async () => {
    const [first, second] = await openExpiredTabs(2, apart);
    const { world, server } = first!;
    const response = deferred<Response>();
    server.on('/auth/refresh', () => response.promise);
    const straggler = first!.client.refresh();
    await settle();
    await world.until(second!.client.login(credentials));
    await settle();
    response.resolve(refusal('session_revoked'));
    await world.until(straggler);
    expect(first!.client.getState().status).toBe('authenticated');
    expect(second!.client.getState().status).toBe('authenticated');
  });

  it('that refuses, and arrives before the message about the login, signs nobody else out', async () => {
    const [first, second] = await openExpiredTabs(2, apart);
    const { world, server } = first!;
    const response = deferred<Response>();
    server.on('/auth/refresh', () => response.promise);
    const straggler = first!.client.refresh();
    await settle();
    // The login ends and this response arrives at the same moment: the message is still on its way.
    server.on('/auth/login', () => {
      response.resolve(refusal('session_revoked'));
      return server.issue();
    });
    await world.until(Promise.all([second!.client.login(credentials), straggler]));
    await settle();
    expect(second!.client.getState().status).toBe('authenticated');
    expect(first!.client.getState()).toEqual(second!.client.getState());
  });

  it('to a refresh from before a logout signs nobody in again', async () => {
    const [first, second] = await openExpiredTabs(2, apart);
    const { world, server } = first!;
    const response = deferred<Response>();
    server.on('/auth/refresh', () => response.promise);
    const straggler = first!.client.refresh();
    await settle();
    await world.until(second!.client.logout());
    await settle();
    response.resolve(server.issue());
    expect(await world.until(straggler)).toBeUndefined();
    for (const { client } of [first!, second!]) {
      expect(client.getState()).toEqual({ status: 'anonymous', reason: 'logout' });
    }
  });

  it('to a request from before a login is not replayed as another user', async () => {
    const [first, second] = await openExpiredTabs(2, apart);
    const { world, server } = first!;
    await world.until(first!.client.refresh());
    const response = deferred<Response>();
    server.on('/api', () => response.promise);
    const straggler = first!.client.fetch(API, { method: 'POST', body: 'pay' });
    await settle();
    await world.until(second!.client.login(credentials));
    await settle();
    response.resolve(refusal('token_expired'));
    expect((await world.until(straggler)).status).toBe(401);
    expect(server.count('/api')).toBe(1);
  });

  it('to a request is not replayed if another session begins during the refresh', async () => {
    const [first, second] = await openExpiredTabs(2, apart);
    const { world, server } = first!;
    await world.until(first!.client.refresh());
    server.valid.clear();
    const response = deferred<Response>();
    server.on('/auth/refresh', () => response.promise);
    const straggler = first!.client.fetch(API, { method: 'POST', body: 'pay' });
    await settle();
    await world.until(second!.client.login(credentials));
    await settle();
    response.resolve(server.issue());
    expect((await world.until(straggler)).status).toBe(401);
    expect(server.count('/api')).toBe(1);
  });
});

describe('a message from another tab', () => {
  it('with the token that was just refused counts as no new token', async () => {
    const first = await openSignedInTab();
    const { world, server } = first;
    const second = openAnotherTab(first);
    await world.until(second.client.ready());
    server.valid.clear();
    world.locks.seize(LOCK_NAME);
    const fetching = first.client.fetch(API);
    await world.advance(1_000);
    expect(server.count('/api')).toBe(1);
    // A third tab requests a token, and the second sends the one with which the first was just refused.
    await world.until(openAnotherTab(first).client.ready());
    expect(server.refreshes).toBe(0);
    expect((await world.until(fetching)).status).toBe(200);
    expect(server.sent.at(-1)!.token).toBe('token2');
  });

  it('from before a logout does not restore the session', async () => {
    const first = await openSignedInTab();
    const second = openAnotherTab(first);
    await first.world.until(second.client.ready());
    const channel = first.world.platform().channel(LOCK_NAME)!;
    let old: unknown;
    channel.addEventListener('message', ({ data }) => {
      old ??= data;
    });
    await first.world.until(first.client.refresh());
    await first.world.until(first.client.logout());
    await settle();
    expect(old).toMatchObject({ held: { token: 'token2' } });
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
    channel.postMessage(old);
    await settle();
    expect(first.client.getState().status).toBe('anonymous');
    expect(second.client.getState().status).toBe('anonymous');
  });
});
