import { describe, expect, it } from '@jest/globals';
import { bearerToken } from '../../src/access/bearer-token.js';
import { cookieValues } from '../../src/access/cookie-values.js';
import { isCrossSite } from '../../src/access/cross-site.js';
import type { HttpRequest } from '../../src/access/http-request.js';
import { networkOf } from '../../src/input/ip-address.js';

const request = (...rawHeaders: string[]): HttpRequest => ({
  rawHeaders,
  headers: Object.fromEntries(
    rawHeaders.flatMap((name, i) => (i % 2 === 0 ? [[name.toLowerCase(), rawHeaders[i + 1]]] : [])),
  ),
});

const LONG = 15_500;
const PARTS = 50;

/** The fastest of ten runs, in milliseconds, to exclude the other work of the machine. */
function fastest(task: () => void): number {
  const times = Array.from({ length: 10 }, () => {
    const start = performance.now();
    task();
    return performance.now() - start;
  });
  return Math.min(...times);
}

/** How much longer one long header takes than fifty short ones: about 1 if time is linear, 50 if it is quadratic. */
function growth(read: (text: string) => unknown, textOf: (size: number) => string): number {
  const long = textOf(LONG);
  const short = textOf(LONG / PARTS);
  const tryToRead = (text: string) => {
    try {
      read(text);
    } catch {
      // A refusal takes time too.
    }
  };
  const inParts = fastest(() => {
    for (let i = 0; i < PARTS; i += 1) tryToRead(short);
  });
  return fastest(() => tryToRead(long)) / inParts;
}

/** 16 KB is the most that Node lets through. */
describe('a header of 15.5 KB takes time proportional to its length, as', () => {
  const pieces = ['x', ' ', '\t', '=', ';', '"', '.', ',', ':', '%', '/', '@', 'a=b;', 'Bearer '];
  const shapes = pieces.flatMap((piece) => {
    const middle = (size: number) => piece.repeat(size).slice(0, size);
    return [
      middle,
      (size: number) => `a${middle(size)}`,
      (size: number) => `${middle(size)}a`,
      (size: number) => `a${middle(size)}b=c`,
      (size: number) => `a=${middle(size)}b`,
    ];
  });

  it.each<[string, (text: string) => unknown]>([
    ['Authorization', (text) => bearerToken(request('Authorization', text))],
    ['Cookie', (text) => cookieValues(request('Cookie', text), 'a')],
    ['Origin', (text) => isCrossSite(request('Origin', text, 'Host', 'x'), new Set())],
    ['X-Forwarded-For', (text) => networkOf(text)],
  ])('%s', (_name, read) => {
    for (const textOf of shapes) expect(growth(read, textOf)).toBeLessThan(10);
  });
});
