import { describe, expect, it } from '@jest/globals';
import { API, openTab, credentials, openSignedInTab } from './client-tabs.js';
import { deferred, refusal } from './fake-server.js';
import { settle } from './fake-world.js';

const MINUTE = 60_000;

describe('a request of a signed-in user', () => {
  it('carries the token, resolved against the base as a URL', async () => {
    const { server, client } = await openSignedInTab({
      baseUrl: 'https://api.example/v1',
      paths: { login: '/auth/login' },
    });
    server.on('/v1/things', () => new Response('ok'));
    await client.fetch('things');
    expect(server.sent.at(-1)).toMatchObject({
      url: 'https://api.example/v1/things',
      token: 'token1',
    });
  });

  it('keeps its headers, its method, and its own Authorization', async () => {
    const { server, client } = await openSignedInTab();
    const headers = { 'x-mine': '1', authorization: 'Basic mine' };
    await client.fetch(API, { method: 'PUT', headers });
    const { method, headers: sent } = server.sent.at(-1)!;
    expect(method).toBe('PUT');
    expect(sent.get('x-mine')).toBe('1');
    expect(sent.get('authorization')).toBe('Basic mine');
  });

  it('does not change the options or headers that the caller passed', async () => {
    const { client } = await openSignedInTab();
    const headers = new Headers({ 'x-mine': '1' });
    const init = { headers };
    await client.fetch(API, init);
    expect(headers.has('authorization')).toBe(false);
    expect(init).toEqual({ headers });
  });

  it('is sent at once with a token due for renewal, which is renewed meanwhile', async () => {
    const { world, server, client } = await openSignedInTab();
    await world.advance(13 * MINUTE);
    const pendingResponse = deferred<Response>();
    server.on('/auth/refresh', () => pendingResponse.promise);
    const response = await client.fetch(API);
    expect(await response.json()).toEqual({ token: 'token1' });
    expect(server.refreshes).toBe(1);
    pendingResponse.resolve(server.issue());
    await settle();
    expect(await (await client.fetch(API)).json()).toEqual({ token: 'token2' });
    expect(server.refreshes).toBe(1);
  });

  it('causes no refresh before the last third', async () => {
    const { world, server, client } = await openSignedInTab();
    world.randomness = 0;
    await world.advance(10 * MINUTE - 1_000);
    await client.fetch(API);
    expect(server.refreshes).toBe(0);
  });

  it('waits for the next token when the current one has expired, without calling the API twice', async () => {
    const { world, server, client } = await openSignedInTab();
    server.valid.clear();
    await world.advance(15 * MINUTE);
    const response = await world.until(client.fetch(API));
    expect(await response.json()).toEqual({ token: 'token2' });
    expect(server.count('/api')).toBe(1);
  });

  it('shares one refresh with nineteen others when the token has expired', async () => {
    const { world, server, client } = await openSignedInTab();
    await world.advance(16 * MINUTE);
    const all = Promise.all(Array.from({ length: 20 }, () => client.fetch(API)));
    const responses = await world.until(all);
    expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200));
    expect(server.refreshes).toBe(1);
  });
});

describe('a 401', () => {
  it.each(['token_missing', 'token_invalid', 'token_expired'])(
    'with %s leads to a refresh and one replay',
    async (code) => {
      const { world, server, client } = await openSignedInTab();
      let refusals = 1;
      server.on('/api', ({ token }) => (refusals-- > 0 ? refusal(code) : Response.json({ token })));
      const response = await world.until(client.fetch(API));
      expect(await response.json()).toEqual({ token: 'token2' });
      expect(server.count('/api')).toBe(2);
      expect(server.refreshes).toBe(1);
    },
  );

  it('after the replay is returned: there is no second replay', async () => {
    const { world, server, client } = await openSignedInTab();
    server.on('/api', () => refusal('token_invalid'));
    const response = await world.until(client.fetch(API));
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'token_invalid' });
    expect(server.count('/api')).toBe(2);
    expect(server.refreshes).toBe(1);
    expect(client.getState().status).toBe('authenticated');
  });

  it.each(['invalid_credentials', 'something_of_the_app', undefined])(
    'with %s is passed on',
    async (code) => {
      const { server, client } = await openSignedInTab();
      server.on('/api', () =>
        code ? refusal(code) : new Response('<h1>No</h1>', { status: 401 }),
      );
      const response = await client.fetch(API);
      expect(response.status).toBe(401);
      expect(await response.text()).toContain(code ?? 'No');
      expect(server.sent).toHaveLength(2);
      expect(client.getState().status).toBe('authenticated');
    },
  );

  it('is needed for a refresh: a 403 or a 500 causes none', async () => {
    const { server, client } = await openSignedInTab();
    for (const status of [400, 403, 404, 500, 503]) {
      server.on('/api', () => refusal('token_expired', status));
      expect((await client.fetch(API)).status).toBe(status);
    }
    expect(server.refreshes).toBe(0);
  });

  it('that arrives late for the old token causes only a replay with the new one', async () => {
    const { world, server, client } = await openSignedInTab();
    const slow = deferred<Response>();
    server.on('/api/slow', ({ token }) => (token === 'token1' ? slow.promise : new Response('ok')));
    server.on('/api', ({ token }) =>
      token === 'token1' ? refusal('token_expired') : new Response('ok'),
    );
    const straggler = client.fetch(`${API}/slow`);
    expect((await world.until(client.fetch(API))).status).toBe(200);
    expect(server.refreshes).toBe(1);
    slow.resolve(refusal('token_expired'));
    expect((await world.until(straggler)).status).toBe(200);
    expect(server.refreshes).toBe(1);
    expect(server.sent.at(-1)!.token).toBe('token2');
  });

  it('of many requests causes one refresh, and each is replayed', async () => {
    const { world, server, client } = await openSignedInTab();
    server.valid.clear();
    const all = Promise.all(Array.from({ length: 20 }, () => client.fetch(API)));
    const responses = await world.until(all);
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
    expect(server.refreshes).toBe(1);
  });

  it('without a signed-in user is returned: there is nothing to refresh', async () => {
    const { world, server, client } = openTab();
    server.on('/auth/refresh', () => refusal('refresh_missing'));
    const response = await world.until(client.fetch(API));
    expect(response.status).toBe(401);
    expect(server.sent.map(({ url }) => new URL(url).pathname)).toEqual(['/auth/refresh', '/api']);
    await client.fetch(API);
    expect(server.refreshes).toBe(1);
  });
});

describe('an abort by the caller', () => {
  it('ends only that caller’s wait', async () => {
    const { world, server, client } = await openSignedInTab();
    await world.advance(16 * MINUTE);
    const pendingResponse = deferred<Response>();
    server.on('/auth/refresh', () => pendingResponse.promise);
    const stop = new AbortController();
    const aborted = client.fetch(API, { signal: stop.signal });
    const patient = client.fetch(API);
    await world.advance(20);
    stop.abort(new Error('changed my mind'));
    await expect(aborted).rejects.toThrow('changed my mind');
    pendingResponse.resolve(server.issue());
    expect((await world.until(patient)).status).toBe(200);
    expect(server.count('/api')).toBe(1);
  });

  it('before the start sends nothing', async () => {
    const { world, server, client } = await openSignedInTab();
    await world.advance(16 * MINUTE);
    const fetching = client.fetch(API, { signal: AbortSignal.abort(new Error('too late')) });
    await expect(fetching).rejects.toThrow('too late');
    await world.advance(MINUTE);
    expect(server.count('/api')).toBe(0);
  });

  it('aborts the request itself', async () => {
    const { server, client } = await openSignedInTab();
    server.on('/api', () => new Promise(() => {}));
    const stop = new AbortController();
    const fetching = client.fetch(API, { signal: stop.signal });
    await settle();
    stop.abort(new Error('enough'));
    await expect(fetching).rejects.toThrow('enough');
  });
});

describe('getToken and refresh', () => {
  it('return the current token while it is valid, and then the next one', async () => {
    const { world, server, client } = await openSignedInTab();
    expect(await client.getToken()).toBe('token1');
    expect(server.refreshes).toBe(0);
    await world.advance(15 * MINUTE);
    expect(await world.until(client.getToken())).toBe('token2');
  });

  it('refresh at once, unless there is a newer token than the refused one', async () => {
    const { world, server, client } = await openSignedInTab();
    expect(await world.until(client.refresh('token1'))).toBe('token2');
    expect(await world.until(client.refresh('token1'))).toBe('token2');
    expect(server.refreshes).toBe(1);
    expect(await world.until(client.refresh())).toBe('token3');
    expect(server.refreshes).toBe(2);
  });

  it('return undefined when signed out', async () => {
    const { world, server, client } = openTab();
    server.on('/auth/refresh', () => refusal('refresh_missing'));
    expect(await world.until(client.getToken())).toBeUndefined();
    expect(await world.until(client.refresh())).toBeUndefined();
  });
});

describe('the first visit', () => {
  it('finds an existing session, with a refresh that outlives the page', async () => {
    const { world, server, client } = openTab();
    expect(client.getState()).toEqual({ status: 'unknown' });
    expect((await world.until(client.ready())).status).toBe('authenticated');
    const { method, init } = server.sent[0]!;
    expect(method).toBe('POST');
    expect(init).toMatchObject({ keepalive: true, credentials: 'include' });
  });

  it('sends nothing before the first call', async () => {
    const { world, server } = openTab();
    await world.wake();
    await world.advance(60 * MINUTE);
    expect(server.sent).toEqual([]);
  });

  it('finds nobody, and a login changes that', async () => {
    const { world, server, client } = openTab();
    server.on('/auth/refresh', () => refusal('refresh_missing'));
    expect(await world.until(client.ready())).toEqual({
      status: 'anonymous',
      reason: 'refresh_missing',
    });
    const seen: string[] = [];
    const stop = client.subscribe(({ status }) => seen.push(status));
    await world.until(client.login(credentials));
    expect(server.sent.at(-1)!.body).toBe(JSON.stringify(credentials));
    expect(seen).toEqual(['authenticated']);
    stop();
    await world.until(client.logout());
    expect(seen).toEqual(['authenticated']);
    expect(client.getState()).toEqual({ status: 'anonymous', reason: 'logout' });
  });

  it('can be a registration', async () => {
    const { world, server, client } = openTab();
    await world.until(client.register(credentials));
    expect(server.sent[0]!.url).toBe('https://app.example/auth/register');
    expect(client.getState().status).toBe('authenticated');
  });

  it('uses the configured paths', async () => {
    const paths = { refresh: '/sessions/renew' };
    const { world, server, client } = openTab({ baseUrl: '/backend', paths });
    server.on('/sessions/renew', () => server.issue());
    server.on('/backend/auth/login', () => server.issue());
    await world.until(client.ready());
    await world.until(client.login(credentials));
    expect(server.sent.map(({ url }) => url)).toEqual([
      'https://app.example/sessions/renew',
      'https://app.example/backend/auth/login',
    ]);
  });
});
