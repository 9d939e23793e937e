import { describe, expect, it } from '@jest/globals';
import { isCrossSite, isSafeMethod, refuseCrossSite } from '../../../src/access/cross-site.js';

const allowed = new Set(['https://app.example.com', 'http://localhost:5173']);

function comesFromElsewhere(headers: Record<string, string>): boolean {
  return isCrossSite({ headers: { host: 'api.example.com', ...headers } }, allowed);
}

const at = (host: string | undefined, origin: string) =>
  isCrossSite({ headers: { host, origin } }, new Set());

describe('a request of a browser that says where it comes from', () => {
  it.each([
    ['same-origin', false],
    ['none', false],
    ['same-site', true],
    ['cross-site', true],
    ['', true],
    ['SAME-ORIGIN', true],
    ['same-origin, cross-site', true],
    ['nonsense', true],
  ])('Sec-Fetch-Site "%s" is from elsewhere: %s', (site, elsewhere) => {
    expect(comesFromElsewhere({ 'sec-fetch-site': site })).toBe(elsewhere);
  });

  it('is let through from an allowed origin, and only from that', () => {
    for (const site of ['cross-site', 'same-site']) {
      const from = (origin: string) => comesFromElsewhere({ 'sec-fetch-site': site, origin });
      expect(from('https://app.example.com')).toBe(false);
      expect(from('https://evil.example')).toBe(true);
      expect(from('null')).toBe(true);
      // The own host is no excuse: the browser itself said that it is another site.
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
  ])('Origin "%s" is from elsewhere: %s', (origin, elsewhere) => {
    expect(comesFromElsewhere({ origin })).toBe(elsewhere);
  });

  it('is compared with the host and its port', () => {
    expect(at('localhost:3000', 'http://localhost:3000')).toBe(false);
    expect(at('LOCALHOST:3000', 'http://localhost:3000')).toBe(false);
    expect(at('localhost:3000', 'http://localhost:3001')).toBe(true);
    expect(at('localhost', 'http://localhost:80')).toBe(false);
    expect(at(undefined, 'http://localhost:3000')).toBe(true);
  });
});

describe('a request of no browser', () => {
  it('has neither header and abuses nobody’s cookie', () => {
    expect(comesFromElsewhere({})).toBe(false);
  });
});

describe('the refusal', () => {
  it('says what to do where the other site is meant', () => {
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
  ])('%s: %s', (method, isSafe) => {
    expect(isSafeMethod(method)).toBe(isSafe);
  });
});
