import { afterEach, describe, expect, it } from '@jest/globals';
import { currentPlatform } from '../../../src/client/platform.js';
import { API, openTab, openSignedInTab } from './client-tabs.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('a client whose clock is wrong', () => {
  it.each([
    ['two hours ahead', 2 * HOUR],
    ['two hours behind', -2 * HOUR],
    ['in another century', -100 * 365 * 24 * HOUR],
  ])('%s all the time works as usual', async (_, error) => {
    const { world, server, client } = openTab();
    world.wallMs += error;
    await world.until(client.ready());
    for (let i = 0; i < 9; i += 1) {
      await world.advance(MINUTE);
      expect((await client.fetch(API)).status).toBe(200);
    }
    expect(server.refreshes).toBe(1);
    expect(server.count('/api')).toBe(9);
  });

  it('and is corrected by two hours makes at most one extra refresh', async () => {
    for (const jump of [2 * HOUR, -2 * HOUR]) {
      const { world, server, client } = await openSignedInTab();
      world.wallMs += jump;
      for (let i = 0; i < 5; i += 1) {
        expect((await world.until(client.fetch(API))).status).toBe(200);
        await world.advance(MINUTE);
      }
      expect(server.refreshes).toBe(jump > 0 ? 1 : 0);
      expect(server.count('/api')).toBe(5);
    }
  });

  it('set forward and back still refreshes in time', async () => {
    const { world, server, client } = await openSignedInTab();
    world.wallMs += 2 * HOUR;
    await world.until(client.fetch(API));
    world.wallMs -= 2 * HOUR;
    await world.until(client.fetch(API));
    expect(server.refreshes).toBe(1);
    server.valid.clear();
    await world.advance(15 * MINUTE);
    expect((await world.until(client.fetch(API))).status).toBe(200);
    expect(server.refreshes).toBe(2);
    expect(server.sent.at(-1)!.token).toBe('token3');
  });
});

describe('a laptop that sleeps past the end of a token', () => {
  it('refreshes before the next request', async () => {
    const { world, server, client } = await openSignedInTab();
    server.valid.clear();
    world.sleepMachine(8 * HOUR);
    expect((await world.until(client.fetch(API))).status).toBe(200);
    expect(server.sent.map(({ url }) => new URL(url).pathname)).toEqual([
      '/auth/login',
      '/auth/refresh',
      '/api',
    ]);
  });

  it('refreshes when it wakes, before any request', async () => {
    const { world, server } = await openSignedInTab();
    world.sleepMachine(8 * HOUR);
    await world.wake();
    expect(server.refreshes).toBe(1);
    await world.wake();
    expect(server.refreshes).toBe(1);
  });

  it('sleeps while the response is on its way: the token is as old as the request', async () => {
    const { world, server, client } = await openSignedInTab();
    await world.advance(16 * MINUTE);
    server.on('/auth/refresh', () => {
      world.sleepMachine(HOUR);
      server.on('/auth/refresh', () => server.issue());
      return server.issue();
    });
    await world.until(client.fetch(API));
    await world.until(client.fetch(API));
    expect(server.refreshes).toBe(2);
    expect(server.sent.at(-1)!.token).toBe('token3');
  });
});

describe('the clock of a page or process', () => {
  const right = Date.now;
  afterEach(() => {
    Date.now = right;
  });

  it('is read anew, so that fake timers installed later work', () => {
    const { now } = currentPlatform();
    const before = now();
    Date.now = () => right() + 2 * HOUR;
    expect(now() - before).toBeGreaterThan(2 * HOUR - 1_000);
  });
});

describe('a timer of a page or process', () => {
  const realSetTimeout = globalThis.setTimeout;
  afterEach(() => {
    globalThis.setTimeout = realSetTimeout;
  });

  it('is never longer than setTimeout allows', () => {
    const delays: unknown[] = [];
    globalThis.setTimeout = ((_task: unknown, ms: unknown) => delays.push(ms)) as never;
    const { after } = currentPlatform();
    for (const ms of [0, 2 ** 31 - 1, 2 ** 31, 1e15, Infinity]) after(ms, () => {});
    expect(delays).toEqual([0, 1e9, 1e9, 1e9, 1e9]);
  });
});

describe('the background timer', () => {
  it('is off by default', async () => {
    const { world, server } = await openSignedInTab();
    await world.advance(24 * HOUR);
    expect(server.refreshes).toBe(0);
  });

  it('refreshes an idle page at the random moment, repeatedly', async () => {
    const { world, server } = await openSignedInTab({ background: true });
    world.randomness = 0.9;
    await world.advance(12.25 * MINUTE - 20);
    expect(server.refreshes).toBe(0);
    await world.advance(1_000);
    expect(server.refreshes).toBe(1);
    await world.advance(13.9 * MINUTE);
    expect(server.refreshes).toBe(1);
    await world.advance(MINUTE);
    expect(server.refreshes).toBe(2);
  });

  it('works beyond the longest timer', async () => {
    const { world, server, client } = openTab({ background: true });
    server.expiresIn = 90 * 24 * 3600;
    await world.until(client.ready());
    await world.advance(72 * 24 * HOUR);
    expect(server.refreshes).toBe(1);
    await world.advance(2 * 24 * HOUR);
    expect(server.refreshes).toBe(2);
  });

  it('is one timer, however often the page becomes visible', async () => {
    const { world, server } = await openSignedInTab({ background: true });
    for (let i = 0; i < 100; i += 1) await world.wake();
    await world.advance(5 * HOUR);
    expect(server.refreshes).toBe(24);
  });
});
