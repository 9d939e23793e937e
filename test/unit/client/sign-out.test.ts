import { describe, expect, it } from '@jest/globals';
import { AuthClientError } from '../../../src/client/auth-client-error.js';
import { API, openTab, credentials, openSignedInTab } from './client-tabs.js';
import { refusal } from './fake-server.js';

const FINAL = [
  'session_revoked',
  'refresh_missing',
  'refresh_invalid',
  'refresh_expired',
  'refresh_reused',
];

describe('a final refusal of a refresh', () => {
  it.each(FINAL)('(%s) signs out, and the request gets its 401', async (code) => {
    const { world, server, client } = await openSignedInTab();
    server.valid.clear();
    server.on('/auth/refresh', () => refusal(code));
    const response = await world.until(client.fetch(API));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'token_expired' });
    expect(client.getState()).toEqual({ status: 'anonymous', reason: code });
    expect(await client.getToken()).toBeUndefined();
    await world.advance(3_600_000);
    await world.wake();
    expect(server.refreshes).toBe(1);
  });

  it.each(FINAL)('does not count as final with another status: 503 with %s', async (code) => {
    const { world, server, client } = await openSignedInTab();
    server.valid.clear();
    server.on('/auth/refresh', () => refusal(code, 503));
    await expect(world.until(client.fetch(API))).rejects.toBeInstanceOf(AuthClientError);
    expect(client.getState().status).toBe('stale');
  });

  it.each(['invalid_credentials', 'token_expired', 'too_many_attempts'])(
    'is not %s',
    async (code) => {
      const { world, server, client } = await openSignedInTab();
      server.valid.clear();
      server.on('/auth/refresh', () => refusal(code));
      await expect(world.until(client.fetch(API))).rejects.toMatchObject({ code });
      expect(client.getState().status).toBe('stale');
    },
  );
});

describe('session_revoked on a route of the app', () => {
  it('signs out, without a refresh or a replay', async () => {
    const { server, client } = await openSignedInTab();
    server.on('/api', () => refusal('session_revoked'));
    const response = await client.fetch(API);
    expect(response.status).toBe(401);
    expect(client.getState()).toEqual({ status: 'anonymous', reason: 'session_revoked' });
    expect(server.sent).toHaveLength(2);
  });

  it('for an earlier session signs nobody out', async () => {
    const { world, server, client } = await openSignedInTab();
    let respond!: (response: Response) => void;
    server.on('/api', () => new Promise((resolve) => (respond = resolve)));
    const straggler = client.fetch(API);
    await world.until(client.login(credentials));
    respond(refusal('session_revoked'));
    expect((await straggler).status).toBe(401);
    expect(client.getState().status).toBe('authenticated');
    expect(await client.getToken()).toBe('token2');
  });
});

describe('logout', () => {
  it('ends the session in the client', async () => {
    const { world, server, client } = await openSignedInTab();
    await world.until(client.logout());
    expect(server.sent.at(-1)!.url).toBe('https://app.example/auth/logout');
    expect(client.getState()).toEqual({ status: 'anonymous', reason: 'logout' });
    await client.fetch(API);
    expect(server.sent.at(-1)!.token).toBeNull();
  });

  it('everywhere sends the token, refreshed if needed', async () => {
    const { world, server, client } = await openSignedInTab();
    server.valid.clear();
    await world.until(client.logout({ everywhere: true }));
    expect(server.sent.map(({ url, token }) => [new URL(url).pathname, token])).toEqual([
      ['/auth/login', null],
      ['/auth/logout-all', 'token1'],
      ['/auth/refresh', null],
      ['/auth/logout-all', 'token2'],
    ]);
    expect(client.getState()).toEqual({ status: 'anonymous', reason: 'logout' });
  });

  it('everywhere, for a session that has already ended, rejects', async () => {
    const { world, server, client } = await openSignedInTab();
    server.on('/auth/logout-all', () => refusal('session_revoked'));
    await expect(world.until(client.logout({ everywhere: true }))).rejects.toMatchObject({
      code: 'session_revoked',
    });
    expect(client.getState()).toEqual({ status: 'anonymous', reason: 'session_revoked' });
  });
});

describe('a login', () => {
  it('by another user shows in the state', async () => {
    const { world, client } = await openSignedInTab();
    const first = client.getState();
    await world.advance(1_000);
    await world.until(client.refresh());
    expect(client.getState()).toEqual(first);
    await world.until(client.login(credentials));
    expect(client.getState()).toMatchObject({ status: 'authenticated' });
    expect(client.getState()).not.toEqual(first);
  });

  it('waits for a running refresh, which can’t overwrite it', async () => {
    const { world, server, client } = openTab();
    server.on('/auth/refresh', () => refusal('refresh_missing'));
    const ready = client.ready();
    await world.until(client.login(credentials));
    await world.until(ready);
    expect(client.getState().status).toBe('authenticated');
  });
});
