import { describe, expect, it } from '@jest/globals';
import { AuthClientError } from '../../../src/client/auth-client-error.js';
import { API, openTab, credentials, openSignedInTab, type OpenTab } from './client-tabs.js';
import { deferred, offline, refusal } from './fake-server.js';
import { settle } from './fake-world.js';

const MINUTE = 60_000;

/** Signed in, with a token that has expired. */
async function expired(given: Parameters<typeof openSignedInTab>[0] = {}): Promise<OpenTab> {
  const scene = await openSignedInTab(given);
  scene.server.valid.clear();
  await scene.world.advance(16 * MINUTE);
  return scene;
}

const failures: [string, () => Response | Promise<Response>][] = [
  ['no network', offline],
  ['408', () => refusal('slow', 408)],
  ['429', () => refusal('too_many_attempts', 429)],
  ['500', () => refusal('internal', 500)],
  ['502 from a proxy', () => new Response('<h1>Bad gateway</h1>', { status: 502 })],
  ['503', () => refusal('store_unavailable', 503)],
  ['200 from a captive portal', () => new Response('<h1>Sign in to our Wi-Fi</h1>')],
  ['200 with another JSON', () => Response.json({ hello: 'world' })],
  ['401 without a code', () => new Response('Unauthorized', { status: 401 })],
  ['401 of somebody else', () => Response.json({ error: 'invalid_request' }, { status: 401 })],
  [
    '401 while a password change replaces the cookie',
    () =>
      Response.json({ code: 'refresh_invalid' }, { status: 401, headers: { 'retry-after': '1' } }),
  ],
  ['404 from a proxy', () => new Response('no such route', { status: 404 })],
  ['a response that breaks off', () => new Response('{"accessToken":"x')],
];

describe('a refresh that fails for now', () => {
  it.each(failures)('(%s) keeps the session, and is retried', async (_, failure) => {
    const { world, server, client } = await expired();
    server.on('/auth/refresh', failure);
    const fetching = client.fetch(API);
    await settle();
    expect(client.getState()).toMatchObject({
      status: 'stale',
      error: expect.any(AuthClientError),
    });
    server.on('/auth/refresh', () => server.issue());
    expect((await world.until(fetching)).status).toBe(200);
    expect(client.getState().status).toBe('authenticated');
    expect(server.refreshes).toBe(2);
  });

  it('is retried as long as callers wait, then rejects, and continues in the background', async () => {
    const { world, server, client } = await expired();
    server.on('/auth/refresh', () => refusal('store_unavailable', 503));
    const fetching = client.fetch(API);
    const before = world.monoMs;
    await expect(world.until(fetching)).rejects.toMatchObject({
      name: 'AuthClientError',
      code: 'store_unavailable',
      status: 503,
      message: 'It was store_unavailable.',
    });
    expect(world.monoMs - before).toBeLessThanOrEqual(8_000);
    expect(server.count('/api')).toBe(0);
    expect(server.refreshes).toBeGreaterThan(3);
    server.on('/auth/refresh', () => server.issue());
    await world.advance(30_000);
    expect(client.getState().status).toBe('authenticated');
  });

  it('has growing pauses', async () => {
    const { world, server, client } = await expired();
    const at: number[] = [];
    server.on('/auth/refresh', () => {
      at.push(world.monoMs);
      return offline();
    });
    client.fetch(API).catch(() => {});
    await world.advance(5 * MINUTE);
    const pauses = at.slice(1).map((time, i) => time - at[i]!);
    expect(pauses.slice(0, 9)).toEqual([250, 500, 1e3, 2e3, 4e3, 8e3, 15e3, 15e3, 15e3]);
  });

  it('waits for the time in Retry-After, and a little longer', async () => {
    const { world, server, client } = await expired();
    server.on('/auth/refresh', () => refusal('busy', 503, { 'retry-after': '3' }));
    const fetching = client.fetch(API);
    await world.advance(3_249);
    expect(server.refreshes).toBe(1);
    server.on('/auth/refresh', () => server.issue());
    await world.advance(1);
    expect(server.refreshes).toBe(2);
    expect((await world.until(fetching)).status).toBe(200);
  });

  it('rejects at once while Retry-After is far away, without a request to the server', async () => {
    const { world, server, client } = await expired();
    server.on('/auth/refresh', () => refusal('busy', 503, { 'retry-after': '3600' }));
    for (let i = 0; i < 5; i += 1) {
      await expect(client.fetch(API)).rejects.toMatchObject({
        code: 'busy',
        retryAfterMs: 3_600_000,
      });
    }
    expect(server.refreshes).toBe(1);
    server.on('/auth/refresh', () => server.issue());
    await world.advance(59 * MINUTE);
    expect(server.refreshes).toBe(1);
    await world.advance(2 * MINUTE);
    expect(server.refreshes).toBe(2);
  });

  it('is retried at once when the network comes back', async () => {
    const { world, server, client } = await expired();
    server.on('/auth/refresh', () => refusal('busy', 503, { 'retry-after': '3600' }));
    await expect(client.fetch(API)).rejects.toBeInstanceOf(AuthClientError);
    server.on('/auth/refresh', () => server.issue());
    await world.wake();
    expect(client.getState().status).toBe('authenticated');
    await world.advance(120 * MINUTE);
    expect(server.refreshes).toBe(2);
  });

  it('does not stop a token that is still valid from being used', async () => {
    const { world, server, client } = await openSignedInTab();
    server.on('/auth/refresh', offline);
    await world.advance(13 * MINUTE);
    for (let i = 0; i < 5; i += 1) expect((await client.fetch(API)).status).toBe(200);
    expect(client.getState().status).toBe('stale');
    expect(await client.getToken()).toBe('token1');
  });

  it('rejects the request instead of returning its 401: an outage must not look like a sign-out', async () => {
    const { world, server, client } = await openSignedInTab();
    server.valid.clear();
    server.on('/auth/refresh', offline);
    await expect(world.until(client.fetch(API))).rejects.toMatchObject({ code: 'unreachable' });
  });

  it('leaves the state unknown on the first visit', async () => {
    const { world, server, client } = openTab();
    server.on('/auth/refresh', offline);
    const state = await world.until(client.ready());
    expect(state).toMatchObject({ status: 'unknown', error: { code: 'unreachable' } });
    server.on('/auth/refresh', () => server.issue());
    await world.advance(MINUTE);
    expect(client.getState().status).toBe('authenticated');
  });

  it('rejects at once, without retries, if the reason is permanent', async () => {
    const { world, server, client } = await expired();
    server.on('/auth/refresh', () => refusal('csrf_rejected', 403));
    await expect(client.fetch(API)).rejects.toMatchObject({ code: 'csrf_rejected', status: 403 });
    await world.advance(60 * MINUTE);
    expect(server.refreshes).toBe(1);
    expect(client.getState().status).toBe('stale');
  });
});

describe('a refresh without a response', () => {
  it('times out after eight seconds, and is retried', async () => {
    const { world, server, client } = await expired();
    server.on('/auth/refresh', () => new Promise(() => {}));
    const fetching = client.fetch(API);
    fetching.catch(() => {});
    await world.advance(7_999);
    expect(server.refreshes).toBe(1);
    await world.advance(1);
    expect(client.getState()).toMatchObject({ status: 'stale', error: { code: 'unreachable' } });
    server.on('/auth/refresh', () => server.issue());
    await world.advance(500);
    expect(server.refreshes).toBe(2);
    expect(client.getState().status).toBe('authenticated');
    await expect(fetching).rejects.toMatchObject({ code: 'unreachable' });
    expect((await client.fetch(API)).status).toBe(200);
  });

  it('is retried within a short leeway of the server, then with more time', async () => {
    const { world, server, client } = await expired({ leewaySeconds: 3 });
    world.randomness = 0;
    const at: number[] = [];
    server.on('/auth/refresh', () => {
      at.push(world.monoMs);
      return new Promise(() => {});
    });
    client.fetch(API).catch(() => {});
    await world.advance(30_000);
    const pauses = at.slice(1).map((time, i) => time - at[i]!);
    expect(pauses.slice(0, 5)).toEqual([1_000, 2_000, 4_000, 8_000, 8_000]);
  });

  it('has all of its time with a strict server', async () => {
    const { world, server, client } = await expired({ leewaySeconds: 0 });
    server.on('/auth/refresh', () => new Promise(() => {}));
    client.fetch(API).catch(() => {});
    await world.advance(7_999);
    expect(client.getState().status).toBe('authenticated');
    await world.advance(1);
    expect(client.getState().status).toBe('stale');
  });
});

describe('a login or logout that fails', () => {
  it('rejects with the reason, and keeps the state', async () => {
    const { world, server, client } = await openSignedInTab();
    const state = client.getState();
    server.on('/auth/login', () => refusal('too_many_attempts', 429, { 'retry-after': '60' }));
    await expect(world.until(client.login(credentials))).rejects.toMatchObject({
      code: 'too_many_attempts',
      status: 429,
      retryAfterMs: 60_000,
    });
    server.on('/auth/login', () => refusal('invalid_credentials'));
    await expect(world.until(client.login(credentials))).rejects.toMatchObject({
      code: 'invalid_credentials',
    });
    server.on('/auth/logout', offline);
    await expect(world.until(client.logout())).rejects.toMatchObject({ code: 'unreachable' });
    expect(client.getState()).toBe(state);
    expect((await client.fetch(API)).status).toBe(200);
  });

  it('rejects without password and token', async () => {
    const { world, server, client } = await openSignedInTab();
    server.on('/auth/login', offline);
    const error = await world.until(client.login(credentials)).catch((thrown: unknown) => thrown);
    const texts = JSON.stringify(error) + String(error) + String((error as Error).cause);
    expect(texts).not.toMatch(/battery|token1/);
  });
});

describe('a client without waiting callers', () => {
  it('leaves no rejection unhandled, whatever fails', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', note);
    const { world, server, client } = await openSignedInTab({ background: true });
    server.on('/auth/refresh', offline);
    await world.advance(MINUTE * 60);
    await world.wake();
    client.fetch(API, { signal: AbortSignal.abort() }).catch(() => {});
    client.fetch(API, { body: new ReadableStream(), method: 'POST' }).catch(() => {});
    await world.until(client.ready());
    await world.advance(MINUTE);
    const response = deferred<Response>();
    server.on('/auth/refresh', () => response.promise);
    await world.advance(MINUTE);
    client.dispose();
    response.reject(new Error('late'));
    await world.advance(MINUTE);
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
    expect(client.getState().status).toBe('stale');
  });
});

describe('a disposed client', () => {
  it('does nothing in the background any more', async () => {
    const { world, server, client } = await openSignedInTab({ background: true });
    expect(world.listeners).toBe(2);
    client.dispose();
    expect(world.listeners).toBe(0);
    await world.wake();
    await world.advance(24 * 60 * MINUTE);
    expect(server.sent).toHaveLength(1);
  });

  it('ends the retries of a refresh that nobody waits for', async () => {
    const { world, server, client } = await expired();
    server.on('/auth/refresh', () => refusal('busy', 503, { 'retry-after': '60' }));
    await expect(client.fetch(API)).rejects.toBeInstanceOf(AuthClientError);
    client.dispose();
    await world.advance(60 * MINUTE);
    expect(server.refreshes).toBe(1);
  });

  it('still serves calls', async () => {
    const { world, client } = await expired();
    client.dispose();
    expect((await world.until(client.fetch(API))).status).toBe(200);
    await world.until(client.logout());
    expect(client.getState().status).toBe('anonymous');
  });
});
