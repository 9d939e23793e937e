import { describe, expect, it } from '@jest/globals';
import { API, openSignedInTab } from './client-tabs.js';
import { offline, refusal } from './fake-server.js';
import { settle } from './fake-world.js';

const bytes = new TextEncoder().encode('some bytes');

function form(): FormData {
  const data = new FormData();
  data.set('field', 'value');
  data.set('file', new Blob(['content'], { type: 'text/plain' }), 'a.txt');
  return data;
}

function stream(): ReadableStream {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

async function* iterable(): AsyncGenerator<Uint8Array> {
  yield bytes;
}

const withoutBoundary = (body: string) => body.replaceAll(/--+(form)?\w+[-\w]*/gi, '--boundary');

const replayable: [string, () => Parameters<typeof fetch>][] = [
  ['a text', () => [API, { method: 'POST', body: 'a text' }]],
  [
    'JSON',
    () => [
      API,
      { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } },
    ],
  ],
  ['FormData', () => [API, { method: 'POST', body: form() }]],
  ['a Blob', () => [API, { method: 'POST', body: new Blob(['blob']) }]],
  ['URLSearchParams', () => [API, { method: 'POST', body: new URLSearchParams({ a: '1' }) }]],
  ['an ArrayBuffer', () => [API, { method: 'PUT', body: bytes.slice().buffer }]],
  ['a typed array', () => [API, { method: 'PUT', body: bytes }]],
  ['a Request with a text', () => [new Request(API, { method: 'POST', body: 'a text' })]],
  ['a Request with FormData', () => [new Request(API, { method: 'POST', body: form() })]],
  [
    'a Request with a stream',
    () => [new Request(API, { method: 'POST', body: stream(), duplex: 'half' })],
  ],
  [
    'a Request and options',
    () => [new Request(API, { headers: { 'x-a': '1' } }), { method: 'POST', body: 'other' }],
  ],
  ['a URL object', () => [new URL(API), { method: 'DELETE' }]],
  ['nothing', () => [API]],
];

describe('a request refused with token_expired is replayed unchanged with', () => {
  it.each(replayable)('%s', async (_, request) => {
    const { world, server, client } = await openSignedInTab();
    server.valid.clear();
    const response = await world.until(client.fetch(...request()));
    expect(response.status).toBe(200);
    const [first, second] = server.sent.filter(({ url }) => url === API);
    expect([first!.token, second!.token]).toEqual(['token1', 'token2']);
    expect(second!.method).toBe(first!.method);
    expect(withoutBoundary(second!.body)).toBe(withoutBoundary(first!.body));
    expect(first!.body !== '').toBe(!['nothing', 'a URL object'].includes(_));
    const type = (sent: typeof first) =>
      withoutBoundary(sent!.headers.get('content-type') ?? 'none');
    expect(type(second)).toBe(type(first));
  });
});

const onlyOnce: [string, () => RequestInit][] = [
  ['a ReadableStream', () => ({ method: 'POST', body: stream(), duplex: 'half' })],
  [
    'an async iterable, as Node takes it',
    () => ({
      method: 'POST',
      duplex: 'half',
      body: iterable() as unknown as ReadableStream,
    }),
  ],
];

describe.each(onlyOnce)('a request with %s', (_, init) => {
  it('is not replayed, but the next one has a new token', async () => {
    const { world, server, client } = await openSignedInTab();
    server.valid.clear();
    const response = await client.fetch(API, init());
    expect(response.status).toBe(401);
    await settle();
    expect(server.refreshes).toBe(1);
    expect(server.count('/api')).toBe(1);
    await world.advance(100);
    expect((await client.fetch(API, init())).status).toBe(200);
    expect(server.sent.at(-1)).toMatchObject({ token: 'token2', body: 'some bytes' });
  });

  it('waits for the next token when that is due, so that it needs no replay', async () => {
    const { world, server, client } = await openSignedInTab();
    await world.advance(13 * 60_000);
    server.valid.clear();
    expect((await world.until(client.fetch(API, init()))).status).toBe(200);
    expect(server.sent.at(-1)!.token).toBe('token2');
    expect(server.count('/api')).toBe(1);
  });

  it('is sent with a token that is still valid if there is no other', async () => {
    const { world, server, client } = await openSignedInTab();
    await world.advance(14 * 60_000);
    server.on('/auth/refresh', offline);
    expect((await world.until(client.fetch(API, init()))).status).toBe(200);
    expect(server.sent.at(-1)!.token).toBe('token1');
  });
});

describe('the body of the 401 that the caller gets', () => {
  it('can still be read', async () => {
    const { server, client } = await openSignedInTab();
    server.on('/api', () => refusal('session_revoked'));
    const response = await client.fetch(API);
    expect(response.bodyUsed).toBe(false);
    expect(await response.json()).toMatchObject({ message: 'It was session_revoked.' });
  });
});
