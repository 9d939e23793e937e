import { describe, expect, it } from '@jest/globals';
import {
  openTab,
  openAnotherTab,
  API,
  credentials,
  openExpiredTabs,
  LOCK_NAME,
  openSignedInTab,
  type OpenTab,
} from './client-tabs.js';
import { AuthClientError } from '../../../src/client/auth-client-error.js';
import { deferred, offline, refusal } from './fake-server.js';
import { settle } from './fake-world.js';

const MINUTE = 60_000;
const fetchInAll = (tabs: OpenTab[]) =>
  tabs[0]!.world.until(Promise.all(tabs.map(({ client }) => client.fetch(API))));

describe('a new tab', () => {
  it('gets the token from other tabs, without a request to the server', async () => {
    const first = await openSignedInTab();
    await first.world.advance(5 * MINUTE);
    const second = openAnotherTab(first);
    const before = first.world.monoMs;
    const state = await first.world.until(second.client.ready());
    expect(state).toEqual(first.client.getState());
    expect(first.world.monoMs - before).toBeLessThan(50);
    expect(await second.client.getToken()).toBe('token1');
    expect(first.server.refreshes).toBe(0);
    first.server.valid.clear();
    await first.world.advance(10 * MINUTE);
    expect((await first.world.until(second.client.fetch(API))).status).toBe(200);
    expect(first.server.count('/api')).toBe(1);
  });

  it('sends a request to the server if the other tabs have only an expired token', async () => {
    const first = await openSignedInTab();
    await first.world.advance(16 * MINUTE);
    const second = openAnotherTab(first);
    await first.world.until(second.client.ready());
    expect(first.server.refreshes).toBe(1);
    expect(await first.client.getToken()).toBe('token2');
  });

  it('sends another request to the server if another tab reports a login meanwhile', async () => {
    const first = await openSignedInTab();
    await first.world.advance(16 * MINUTE);
    const second = openAnotherTab(first);
    first.server.on('/auth/refresh', () => {
      first.server.on('/auth/refresh', () => first.server.issue());
      // As from a tab that was too busy to send it in time.
      const channel = first.world.platform().channel(LOCK_NAME)!;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- it is no window
      channel.postMessage({ epoch: first.world.wallMs + 1 });
      return settle().then(() => first.server.issue());
    });
    expect((await first.world.until(second.client.ready())).status).toBe('authenticated');
    expect(first.server.refreshes).toBe(2);
  });

  it('of an app with another base shares nothing', async () => {
    const first = await openSignedInTab();
    const other = openAnotherTab(first, { baseUrl: 'https://other.example', fetch: offline });
    const state = await first.world.until(other.client.ready());
    expect(state).toMatchObject({ status: 'unknown', error: { code: 'unreachable' } });
  });
});

describe.each([2, 5, 10])('%i tabs that wake at once', (count) => {
  it('make one refresh with locks and channel', async () => {
    const tabs = await openExpiredTabs(count);
    const responses = await fetchInAll(tabs);
    expect(responses.map(({ status }) => status)).toEqual(Array(count).fill(200));
    expect(tabs[0]!.server.refreshes).toBe(1);
  });

  it.each([
    ['locks', { lacks: ['locks'] as const }],
    ['a channel', { lacks: ['channel'] as const }],
    ['locks and channel', { lacks: ['locks', 'channel'] as const }],
    ['sharing', { share: false }],
  ])('without %s all get a token, each with at most one refresh', async (_, given) => {
    const tabs = await openExpiredTabs(count, given as Parameters<typeof openTab>[0]);
    const responses = await fetchInAll(tabs);
    expect(responses.map(({ status }) => status)).toEqual(Array(count).fill(200));
    expect(tabs[0]!.server.refreshes).toBeLessThanOrEqual(count);
  });
});

describe('the lock', () => {
  it('held by a frozen tab is waited for eight seconds, and not stolen', async () => {
    const [tab] = await openExpiredTabs(1);
    const { world, server, client } = tab!;
    world.locks.seize(LOCK_NAME);
    await settle();
    const granted = world.locks.granted;
    const fetching = client.fetch(API);
    await world.advance(7_999);
    expect(server.refreshes).toBe(0);
    await world.advance(1);
    expect(server.refreshes).toBe(1);
    expect((await world.until(fetching)).status).toBe(200);
    expect(world.locks.granted).toBe(granted);
  });

  it('is not waited for any more when the token comes from another tab', async () => {
    const [tab, other] = await openExpiredTabs(2);
    const { world, server, client } = tab!;
    world.locks.seize(LOCK_NAME);
    await settle();
    const first = client.fetch(API);
    await world.advance(4_000);
    const second = other!.client.fetch(API);
    await world.advance(4_100);
    expect((await first).status).toBe(200);
    expect((await second).status).toBe(200);
    await world.advance(MINUTE);
    expect(server.refreshes).toBe(1);
  });

  it('is held for one request, not for the pause after it', async () => {
    const [tab, other] = await openExpiredTabs(2);
    const { world, server } = tab!;
    server.on('/auth/refresh', () => refusal('busy', 503, { 'retry-after': '60' }));
    await expect(tab!.client.fetch(API)).rejects.toBeInstanceOf(AuthClientError);
    server.on('/auth/refresh', () => server.issue());
    const before = world.monoMs;
    expect((await world.until(other!.client.fetch(API))).status).toBe(200);
    expect(world.monoMs - before).toBeLessThan(100);
  });

  it('is held until the other tabs have the message', async () => {
    const [tab] = await openExpiredTabs(1);
    const { world, client } = tab!;
    const fetching = client.fetch(API);
    await settle();
    let isFree = false;
    void world.locks
      .request(LOCK_NAME, { signal: new AbortController().signal }, async () => {})
      .then(() => (isFree = true));
    await world.advance(9);
    expect(isFree).toBe(false);
    await world.advance(1);
    expect(isFree).toBe(true);
    await fetching;
  });

  it('is not needed if it can’t be had at all', async () => {
    const scene = openTab();
    scene.world.locks.request = () => Promise.reject(new DOMException('opaque', 'SecurityError'));
    expect((await scene.world.until(scene.client.ready())).status).toBe('authenticated');
  });
});

describe('login and logout', () => {
  it('reach the other tabs', async () => {
    const first = await openSignedInTab();
    const second = openAnotherTab(first);
    await first.world.until(second.client.ready());
    await first.world.until(first.client.logout());
    await settle();
    expect(second.client.getState()).toEqual({ status: 'anonymous', reason: 'logout' });
    await first.world.until(second.client.login(credentials));
    await settle();
    expect(first.client.getState()).toEqual(second.client.getState());
    expect(await first.client.getToken()).toBe(await second.client.getToken());
  });

  it('reach the other tabs, as the end of the session does', async () => {
    const [first, second] = await openExpiredTabs(2);
    first!.server.on('/auth/refresh', () => refusal('refresh_reused'));
    await first!.world.until(first!.client.ready());
    await settle();
    expect(second!.client.getState()).toEqual({ status: 'anonymous', reason: 'refresh_reused' });
  });

  it.each(['login', 'logout'] as const)(
    '(%s) wait for the refresh of another tab',
    async (what) => {
      const [first, second] = await openExpiredTabs(2);
      const { world, server } = first!;
      const response = deferred<Response>();
      server.on('/auth/refresh', () => response.promise);
      const fetching = first!.client.fetch(API);
      await settle();
      const { client } = second!;
      const turn = what === 'login' ? client.login(credentials) : client.logout();
      await world.advance(1_000);
      expect(server.count(`/auth/${what}`)).toBe(0);
      response.resolve(server.issue());
      await world.until(Promise.all([fetching, turn]));
      expect(server.count(`/auth/${what}`)).toBe(1);
    },
  );

  it('work without lock and channel, one after the other within the tab', async () => {
    const [tab] = await openExpiredTabs(1, { share: false });
    const { world, server, client } = tab!;
    const response = deferred<Response>();
    server.on('/auth/refresh', () => response.promise);
    const fetching = client.fetch(API);
    await settle();
    const login = client.login(credentials);
    await settle();
    expect(server.count('/auth/login')).toBe(0);
    response.resolve(server.issue());
    await world.until(Promise.all([fetching, login]));
    expect(server.count('/auth/login')).toBe(1);
  });
});

describe('outside of pages', () => {
  it('nothing is shared and nothing runs in the background', async () => {
    const scene = await openSignedInTab({ process: true, baseUrl: 'https://app.example' });
    const { world, server, client } = scene;
    expect(world.listeners).toBe(0);
    expect(world.keepingAlive).toBe(0);
    await world.advance(16 * MINUTE);
    server.on('/auth/refresh', offline);
    await expect(world.until(client.fetch(API))).rejects.toBeInstanceOf(AuthClientError);
    const tried = server.refreshes;
    await world.advance(60 * MINUTE);
    expect(world.keepingAlive).toBe(0);
    expect(server.refreshes).toBe(tried);
  });

  it('a base is required', () => {
    expect(() => openTab({ process: true })).toThrow('Invalid URL');
    expect(() => openTab({ process: true, baseUrl: '/api' })).toThrow('Invalid URL');
  });
});

describe('locks that exist but don’t work, as in a sandboxed frame,', () => {
  it.each<[string, () => Promise<never>]>([
    ['reject', () => Promise.reject(new Error('SecurityError'))],
    [
      'throw',
      () => {
        throw new Error('SecurityError');
      },
    ],
  ])('and %s: the client continues at once, one request at a time', async (_what, request) => {
    const scene = await openSignedInTab({ background: true });
    const { world, server, client } = scene;
    world.locks.request = request;
    await world.advance(16 * MINUTE);
    server.valid.clear();
    const before = world.monoMs;
    let running = 0;
    let most = 0;
    const here = openAnotherTab(scene, {
      fetch: async (...given) => {
        most = Math.max(most, (running += 1));
        await settle();
        return server.fetch(...given).finally(() => {
          running -= 1;
        });
      },
    });
    await world.until(
      Promise.all([here.client.logout(), here.client.login(credentials), here.client.refresh()]),
    );
    expect(most).toBe(1);
    expect(here.client.getState().status).toBe('authenticated');
    expect(world.monoMs - before).toBeLessThan(1000);
    client.dispose();
  });
});
