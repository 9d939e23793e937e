import { describe, expect, it } from '@jest/globals';
import { RequestMethod } from '@nestjs/common';
import { AuthController } from '../../../src/http/auth.controller.js';
import { AuthRouteMatcher } from '../../../src/http/auth-route-matcher.js';
import { routesOf } from '../../../src/http/auth-routes.js';

const under = (prefix: string) => new AuthRouteMatcher(prefix, routesOf(AuthController));
const matching = (path: string) =>
  new AuthRouteMatcher('auth', [{ path, method: RequestMethod.GET, name: 'it' }]);

describe('a route of the module is recognized', () => {
  it.each([
    ['auth', '/auth/login'],
    ['auth', '/AUTH/Login/?next=/'],
    ['auth', '/api/v1/auth/sessions/7#top'],
    ['auth', '/auth/sessions'],
    ['auth', '/auth/sessions/'],
    ['staff/auth', '/staff/auth/refresh'],
    [':tenant/auth', '/acme/auth/register'],
    ['a.b', '/a.b/me'],
    ['', '/logout-all'],
  ])('under %j: %s', (prefix, url) => {
    expect(under(prefix).has(url)).toBe(true);
  });

  it.each([
    ['auth', '/shop/login'],
    ['auth', '/auth/login/now'],
    ['auth', '/auth/sessions/7/notes'],
    ['auth', '/oauth/login'],
    ['auth', '/hello?next=/auth/login'],
    ['auth', '/auth'],
    ['a.b', '/aXb/me'],
    ['', '/'],
    ['', '/users/me'],
    ['', '/gym/sessions/42'],
  ])('not under %j: %s', (prefix, url) => {
    expect(under(prefix).has(url)).toBe(false);
  });

  it('never, where there are no routes', () => {
    expect(new AuthRouteMatcher('auth', []).has('/auth/login')).toBe(false);
  });
});

describe('a path in the syntax of the routers', () => {
  it.each([
    ['/', '/auth'],
    [':id', '/auth/7'],
    ['users/:id.json', '/auth/users/7.json'],
    [':from-:to', '/auth/1-2'],
    ['users/:id(^(\\d+)$)/keys', '/auth/users/7/keys'],
    ['users/:id?', '/auth/users'],
    ['users/:id?', '/auth/users/7'],
    ['users{/:id}', '/auth/users'],
    ['users{/:id}', '/auth/users/7'],
    ['files/*path', '/auth/files/a/b'],
    ['files/*', '/auth/files/a/b'],
    ['a\\:b', '/auth/a:b'],
    ['magic-link', '/auth/magic-link'],
    ['a+b', '/auth/a+b'],
  ])('%s takes %s', (path, url) => {
    expect(matching(path).has(url)).toBe(true);
  });

  it.each([
    [':id', '/auth/7/8'],
    [':id', '/auth/'],
    ['users/:id.json', '/auth/users/7'],
    ['users{/:id}', '/auth/users/7/8'],
    ['a\\:b', '/auth/a7'],
    ['a+b', '/auth/aab'],
  ])('%s does not take %s', (path, url) => {
    expect(matching(path).has(url)).toBe(false);
  });
});

describe('the name of a route', () => {
  const routes = [
    { path: 'sessions', method: RequestMethod.GET, name: 'list' },
    { path: 'sessions', method: RequestMethod.POST, name: 'create' },
    { path: 'keys', method: RequestMethod.ALL, name: 'keys' },
  ];

  it.each([
    ['GET', '/auth/sessions', 'list'],
    ['POST', '/auth/sessions?x=1', 'create'],
    ['PUT', '/auth/sessions', 'list'],
    ['PUT', '/auth/keys', 'keys'],
    ['GET', '/other', ''],
  ])('of %s %s is %j', (method, url, name) => {
    expect(new AuthRouteMatcher('auth', routes).nameOf(url, method)).toBe(name);
  });
});
