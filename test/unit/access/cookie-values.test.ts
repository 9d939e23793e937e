import { describe, expect, it } from '@jest/globals';
import { cookieValues, deviceCookieValue } from '../../../src/access/cookie-values.js';
import { inMemoryApp } from '../in-memory-app.js';

const values = (cookie: string | undefined, cookies?: Record<string, unknown>) =>
  cookieValues({ headers: { cookie }, ...(cookies === undefined ? {} : { cookies }) }, 'token');

describe('the values under a cookie’s name', () => {
  it.each<[string, string, string[]]>([
    ['are found among others', 'a=1; token=t; b=2', ['t']],
    ['are found without spaces', 'a=1;token=t;b=2', ['t']],
    ['are found with many', '  token =  t  ', ['t']],
    ['come in order, each once', 'token=b; token=a; token=b', ['b', 'a']],
    ['are found between tabs', '\ttoken\t=\tt\t', ['t']],
    ['keep the blanks inside', 'token= a\t b ', ['a\t b']],
    ['may be in quotes', 'token="t"', ['t']],
    ['keep one quote alone', 'token="', ['"']],
    ['may hold an equals sign', 'token=t==; x', ['t==']],
    ['are not decoded', 'token=%zz%41', ['%zz%41']],
    ['are not turned into objects', 'token=j:{"$ne":null}', ['j:{"$ne":null}']],
    ['leave out the empty ones', 'token=; token=""; token=t', ['t']],
    ['are not those of longer names', 'mytoken=1; token2=2; __Host-token=3', []],
    ['are not those of another case', 'Token=1; TOKEN=2', []],
    ['are not those of a text without an equals sign', 'tokens; token', []],
    ['are none in a header of noise', ';;; = ;token;=token; token', []],
    ['are none for a name from the prototype', 'constructor=x; __proto__=y', []],
  ])('%s', (_what, header, expected) => {
    expect(values(header)).toEqual(expected);
  });

  it('are read from the header, even if cookie-parser gives something else', () => {
    expect(values('token=first; token=second', { token: 'first' })).toEqual(['first', 'second']);
    expect(values('other=1', { token: 'planted' })).toEqual([]);
  });

  it('are read from a parser if there is no header, and only if it found a text', () => {
    expect(values(undefined, { token: 'parsed' })).toEqual(['parsed']);
    for (const odd of [{ $ne: null }, '', ['a'], null, 7]) {
      expect(values(undefined, { token: odd })).toEqual([]);
    }
    expect(values(undefined)).toEqual([]);
  });
});

describe('the device token of a request', () => {
  const both = '__Host-device_token=d; a=1; __Host-device_token=e';

  it.each([
    ['is empty without a cookie of its name', 'a=1', {}, ''],
    ['is the cookie’s value', '__Host-device_token=d; a=1', {}, 'd'],
    ['is one text of all values', both, {}, 'd~e'],
    ['is empty if the app wants no such cookie', both, { device: false }, ''],
  ] as const)('%s', (_what, cookie, cookies, expected) => {
    const { settings } = inMemoryApp({ options: { cookies } });
    expect(deviceCookieValue({ headers: { cookie } }, settings)).toBe(expected);
  });
});
