import { describe, expect, it } from '@jest/globals';
import { OwnRoutes } from '../../../src/http/auth-route-matcher.js';

describe('a route of the module is recognized', () => {
  it.each([
    ['auth', '/auth/login'],
    ['auth', '/AUTH/Login/?next=/'],
    ['auth', '/api/v1/auth/sessions/7#top'],
    ['auth', '/auth/sessions'],
    ['staff/auth', '/staff/auth/refresh'],
    [':tenant/auth', '/acme/auth/register'],
    ['a.b', '/a.b/me'],
    ['', '/logout-all'],
  ])('under %j: %s', (prefix, url) => {
    expect(new OwnRoutes(prefix).has(url)).toBe(true);
  });

  it.each([
    ['auth', '/shop/login'],
    ['auth', '/auth/login/now'],
    ['auth', '/auth/sessions/7/notes'],
    ['auth', '/oauth/login'],
    ['auth', '/hello?next=/auth/login'],
    ['a.b', '/aXb/me'],
    ['', '/users/me'],
    ['', '/gym/sessions/42'],
  ])('not under %j: %s', (prefix, url) => {
    expect(new OwnRoutes(prefix).has(url)).toBe(false);
  });
});
