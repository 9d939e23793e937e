import { describe, expect, it } from '@jest/globals';
import {
  isCrossSite,
  isSafe,
  isSafeMethod,
  refuseCrossSite,
} from '../../../src/access/cross-site.js';

const allowed = new Set(['https://app.example.com', 'http://localhost:5173']);

function comesFromElsewhere(headers: Record<string, string>): boolean {
  return isCrossSite({ headers: { host: 'api.example.com', ...headers } }, allowed);
}

const at = (host: string | undefined, origin: string) =>
  isCrossSite({ headers: { host, origin } }, new Set());

describe('a browser request that states where it comes from', () => {
  it.each([
    ['same-origin', false],
    ['none', false],
    ['same-site', true],
    ['cross-site', true],
    ['', true],
    ['SAME-ORIGIN', true],
    ['same-origin, cross-site', true],
    ['nonsense', true],
  ])('with Sec-Fetch-Site "%s" is cross-site: %s', (site, elsewhere) => {
    expect(comesFromElsewhere({ 'sec-fetch-site': site })).toBe(elsewhere);
  });

  it('is accepted from an allowed origin, and only from that', () => {
    for (const site of ['cross-site', 'same-site']) {
      const from = (origin: string) => comesFromElsewhere({ 'sec-fetch-site': site, origin });
      expect(from('https://app.example.com')).toBe(false);
      expect(from('https://evil.example')).toBe(true);
      expect(from('null')).toBe(true);
      // The own host does not help: the browser itself reports that it is another site.
      expect(from('https://api.example.com')).toBe(true);
    }
  });
});

describe('a request of an older browser, which sends only Origin,', () => {
  it.each([
    ['https://api.example.com', false],
    ['http://api.example.com', false],
    ['https://API.example.com', false],
    ['https://app.example.com', false],
    ['http://localhost:5173', false],
    ['null', true],
    ['', true],
    ['https://app.example.com.evil.example', true],
    ['https://evil-app.example.com', true],
    ['https://app.example.com:8443', true],
    ['http://app.example.com', true],
    ['https://app.example.com@evil.example', true],
    ['https://api.example.com:8443', true],
    ['https://api.example.com.evil.example', true],
    ['https://xapi.example.com', true],
    ['file://', true],
    ['https://app.example.com, https://evil.example', true],
  ])('with Origin "%s" is cross-site: %s', (origin, elsewhere) => {
    expect(comesFromElsewhere({ origin })).toBe(elsewhere);
  });

  it('is compared with the host and its port', () => {
    expect(at('localhost:3000', 'http://localhost:3000')).toBe(false);
    expect(at('LOCALHOST:3000', 'http://localhost:3000')).toBe(false);
    expect(at('localhost:3000', 'http://localhost:3001')).toBe(true);
    expect(at('localhost', 'http://localhost:80')).toBe(false);
    expect(at(undefined, 'http://localhost:3000')).toBe(true);
    expect(at(undefined, 'http://null')).toBe(true);
  });
});

describe('the own origin', () => {
  it.each([
    [{ host: 'app.example.com:443' }, 'https://app.example.com', false],
    [{ host: 'app.example.com' }, 'https://app.example.com:443', false],
    [{ host: 'App.Example.Com:443' }, 'https://app.example.com', false],
    [{ host: 'app.example.com:80' }, 'http://app.example.com', false],
    [{ host: '[2001:db8:0::1]:443' }, 'https://[2001:db8::1]', false],
    [{ host: 'app.example.com:443' }, 'http://app.example.com', true],
    [{ host: 'app.example.com:8443' }, 'https://app.example.com', true],
    [{ host: 'app.example.com' }, 'https://app.example.com:8443', true],
    [{ host: 'app.example.com.' }, 'https://app.example.com', true],
    [{ host: 'evil.example/@app.example.com' }, 'https://app.example.com', true],
    [{ host: 'evil.example@app.example.com' }, 'https://app.example.com', true],
    [{ host: 'app.example.com#' }, 'https://app.example.com', true],
    [{ host: '' }, 'https://app.example.com', true],
    [{ host: 'localhost' }, 'capacitor://localhost', true],
    [
      { host: 'evil.example', 'x-forwarded-host': 'app.example.com' },
      'https://app.example.com',
      true,
    ],
    [{ ':authority': 'app.example.com' }, 'https://app.example.com', false],
    [{ ':authority': 'app.example.com:443' }, 'https://app.example.com', false],
    [{ ':authority': 'app.example.com' }, 'https://evil.example', true],
    [
      { ':authority': 'app.example.com', host: 'app.example.com' },
      'https://app.example.com',
      false,
    ],
    [{ ':authority': 'app.example.com', host: 'evil.example' }, 'https://evil.example', true],
    [{ ':authority': 'app.example.com', host: 'evil.example' }, 'https://app.example.com', true],
  ])('of a request to %j: %s is a different one: %s', (headers, origin, isOther) => {
    expect(isCrossSite({ headers: { ...headers, origin } }, new Set())).toBe(isOther);
  });

  it('of an app with a custom scheme is one in the list, whatever Fetch Metadata says', () => {
    const native = new Set(['capacitor://localhost']);
    const from = (origin: string) =>
      isCrossSite(
        { headers: { host: 'api.example.com', origin, 'sec-fetch-site': 'cross-site' } },
        native,
      );
    expect(from('capacitor://localhost')).toBe(false);
    expect(from('ionic://localhost')).toBe(true);
    expect(from('capacitor://localhost:1')).toBe(true);
    expect(from('null')).toBe(true);
  });
});

describe('a request that opens a socket', () => {
  it.each([
    [{ upgrade: 'websocket' }],
    [{ upgrade: 'WebSocket, foo' }],
    [{ 'sec-fetch-mode': 'websocket' }],
    [{ 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }],
    [{ 'sec-websocket-version': '13' }],
    [{ ':protocol': 'websocket' }],
  ])('with %j is not safe, though it is a GET', (headers) => {
    expect(isSafe({ method: 'GET', headers })).toBe(false);
    expect(isSafe({ method: 'GET', headers: { 'sec-fetch-mode': 'cors' } })).toBe(true);
  });
});

describe('a request that no browser sent', () => {
  it('has neither header and can’t abuse a cookie', () => {
    expect(comesFromElsewhere({})).toBe(false);
  });
});

describe('the refusal of a cross-site request', () => {
  it('explains how to allow the other site', () => {
    const request = { headers: { 'sec-fetch-site': 'cross-site' } };
    expect(() => refuseCrossSite(request, allowed)).toThrow(
      expect.objectContaining({
        code: 'csrf_rejected',
        message: expect.stringContaining('allowedOrigins'),
      }),
    );
    expect(() => refuseCrossSite({ headers: {} }, allowed)).not.toThrow();
  });
});

describe('methods that change nothing', () => {
  it.each([
    ['GET', true],
    ['HEAD', true],
    ['OPTIONS', true],
    ['POST', false],
    ['DELETE', false],
    ['PATCH', false],
    ['TRACE', false],
    [undefined, false],
  ])('%s: %s', (method, expected) => {
    expect(isSafeMethod(method)).toBe(expected);
  });
});
