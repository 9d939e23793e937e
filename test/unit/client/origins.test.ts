import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAuthClient } from '../../../src/client/index.js';
import { openTab, credentials, openSignedInTab } from './client-tabs.js';

describe('the access token', () => {
  it.each([
    ['the origin of the page', '/api'],
    ['the origin of the page, spelt out', 'https://app.example/api'],
    ['an origin on the list', 'https://files.example/api'],
    ['an origin on the list, in capitals and with its port', 'HTTPS://FILES.example:443/api'],
  ])('is sent to %s', async (_, url) => {
    const { server, client } = await openSignedInTab({ origins: ['https://files.example'] });
    await client.fetch(url);
    expect(server.sent.at(-1)!.token).toBe('token1');
  });

  it.each([
    ['another host', 'https://evil.example/api'],
    ['a subdomain', 'https://www.app.example/api'],
    ['a host that ends alike', 'https://notapp.example/api'],
    ['a host that begins alike', 'https://app.example.evil.test/api'],
    ['another port', 'https://app.example:8443/api'],
    ['another scheme', 'http://app.example/api'],
    ['a URL relative to the scheme', '//evil.example/api'],
    ['the same with backslashes', '\\\\evil.example\\api'],
    ['a tab in the middle', '/\t/evil.example/api'],
    ['the origin of the list as a user name', 'https://app.example@evil.example/api'],
  ])('is not sent to %s, and the request doesn’t wait for one', async (_, url) => {
    const { world, server, client } = await openSignedInTab({ origins: ['https://files.example'] });
    await world.advance(3_600_000);
    await client.fetch(url).catch(() => {});
    expect(server.sent.slice(1).map(({ token }) => token)).not.toContain('token1');
    expect(server.refreshes).toBe(0);
  });

  it('is sent to another base, and then not to the page’s origin', async () => {
    const { server, client } = await openSignedInTab({ baseUrl: 'https://api.example' });
    await client.fetch('/api');
    expect(server.sent.at(-1)).toMatchObject({ url: 'https://api.example/api', token: 'token1' });
    await client.fetch('https://app.example/api');
    expect(server.sent.at(-1)!.token).toBeNull();
  });

  it('is added to a Request as to a URL', async () => {
    const { server, client } = await openSignedInTab();
    await client.fetch(new Request('https://evil.example/api'));
    expect(server.sent.at(-1)!.token).toBeNull();
    await client.fetch(new Request('https://app.example/api'));
    expect(server.sent.at(-1)!.token).toBe('token1');
  });

  it('is fetched with cookies, other requests as the caller chooses', async () => {
    const { world, server, client } = openTab();
    await world.until(client.ready());
    await client.fetch('/api', { credentials: 'omit' });
    expect(server.sent.map(({ init }) => init.credentials)).toEqual(['include', 'omit']);
  });
});

describe('over real HTTP', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    }
  });

  async function listening(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('a redirect to another origin does not carry the token along', async () => {
    const seen: [string, string | undefined][] = [];
    const elsewhere = await listening((request, response) => {
      seen.push(['elsewhere', request.headers.authorization]);
      response.end('{}');
    });
    const baseUrl = await listening((request, response) => {
      seen.push([request.url!, request.headers.authorization]);
      if (request.url === '/away') {
        response.writeHead(307, { location: `${elsewhere}/` }).end();
      } else if (request.url === '/here') {
        response.writeHead(307, { location: '/there' }).end();
      } else {
        response.end('{"accessToken":"secret","expiresIn":900}');
      }
    });
    const client = createAuthClient({ baseUrl });
    await client.login(credentials);
    await (await client.fetch('/here')).text();
    await (await client.fetch('/away', { method: 'POST', body: 'x' })).text();
    expect(seen).toEqual([
      ['/auth/login', undefined],
      ['/here', 'Bearer secret'],
      ['/there', 'Bearer secret'],
      ['/away', 'Bearer secret'],
      ['elsewhere', undefined],
    ]);
  });

  it('a request to a silent server times out with real clocks too', async () => {
    const baseUrl = await listening(() => {});
    const client = createAuthClient({ baseUrl, timeoutMs: 100 });
    await expect(client.getToken()).rejects.toMatchObject({
      code: 'unreachable',
      cause: { name: 'TimeoutError' },
    });
  });
});
