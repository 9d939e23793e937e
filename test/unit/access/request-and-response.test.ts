import type { ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { describe, expect, it } from '@jest/globals';
import { CurrentUser } from '../../../src/access/current-user.decorator.js';
import { errorHeaders } from '../../../src/access/error-headers.js';
import { timesSent } from '../../../src/access/http-request.js';
import { JwtPassportStrategy } from '../../../src/access/jwt-passport-strategy.js';
import { requestOf } from '../../../src/access/request-of.js';
import { AuthError } from '../../../src/errors/auth-error.js';
import { contextOf, requestWithoutToken, type TestRequest } from './handler-context.js';

class Office {
  desk() {}
}

/** The headers of an error, besides the one with its code, which is always the first. */
function headers(...given: ConstructorParameters<typeof AuthError>) {
  const [first, ...others] = errorHeaders(new AuthError(...given));
  expect(first).toEqual(['Auth-Error-Code', given[0]]);
  return others;
}

describe('@CurrentUser()', () => {
  class Controller {
    whole(@CurrentUser() _user: unknown) {}

    name(@CurrentUser('username') _name: unknown) {}
  }

  /** The value that Nest would pass to the handler. */
  function given(method: 'whole' | 'name', user: unknown, type?: string): unknown {
    const metadata = Reflect.getMetadata(ROUTE_ARGS_METADATA, Controller, method) as Record<
      string,
      { factory(data: unknown, context: ExecutionContext): unknown; data: unknown }
    >;
    const [{ factory, data }] = Object.values(metadata) as [(typeof metadata)[string]];
    return factory(data, contextOf(Controller, method, { ...requestWithoutToken(), user }, type));
  }

  it('is the user, or one claim of the user, or undefined if nobody is logged in', () => {
    const user = { id: '1', username: 'ada' };
    for (const type of ['http', 'graphql']) {
      expect(given('whole', user, type)).toBe(user);
      expect(given('name', user, type)).toBe('ada');
    }
    expect(given('whole', undefined)).toBeUndefined();
    expect(given('name', undefined)).toBeUndefined();
  });
});

describe('the request behind a handler', () => {
  it('is found in HTTP and in GraphQL', () => {
    const request = requestWithoutToken();
    expect(requestOf(contextOf(Office, 'desk', request))).toBe(request);
    expect(requestOf(contextOf(Office, 'desk', request, 'graphql'))).toBe(request);
  });

  it('is found in a context that an app’s test made by hand', () => {
    const request = requestWithoutToken();
    const byHand = { getType: () => 'http', switchToHttp: () => ({ getRequest: () => request }) };
    expect(requestOf(byHand as unknown as ExecutionContext)).toBe(request);
  });

  it.each(['rpc', 'ws', 'telegram'])(
    'is of a message (%s) only its headers, not what else its sender wrote',
    (type) => {
      const message = { headers: { a: 'b' }, ip: '10.0.0.1', method: 'GET', cookies: { c: 'd' } };
      expect(requestOf(contextOf(Office, 'desk', message, type))).toEqual({ headers: { a: 'b' } });
    },
  );

  it.each(['http', 'graphql', 'rpc'])('has no headers if they are no object: %s', (type) => {
    for (const odd of [null, undefined, 'x', 7]) {
      const request = { headers: odd } as unknown as TestRequest;
      expect(requestOf(contextOf(Office, 'desk', request, type))).toEqual({ headers: {} });
    }
  });
});

describe('the headers of an error', () => {
  it('challenge with the reason if a bad token was sent', () => {
    for (const code of ['token_invalid', 'token_expired', 'session_revoked'] as const) {
      expect(headers(code, 'Why.')).toEqual([
        ['WWW-Authenticate', 'Bearer error="invalid_token", error_description="Why."'],
      ]);
    }
  });

  it.each([
    'Das Token ist ungültig.',
    'Токен недействителен',
    'a "quoted" word',
    'a\\b',
    'two\nlines',
    '',
  ])('challenge without a reason that no header can have: %p', (message) => {
    expect(headers('token_invalid', message)).toEqual([
      ['WWW-Authenticate', 'Bearer error="invalid_token"'],
    ]);
  });

  it('challenge without a reason if no token was sent or the credentials were others', () => {
    for (const code of ['token_missing', 'refresh_invalid', 'invalid_credentials'] as const) {
      expect(headers(code, 'Why.')).toEqual([['WWW-Authenticate', 'Bearer']]);
    }
  });

  it('don’t challenge a client without permission, and say when to retry', () => {
    expect(headers('insufficient_role', 'Why.')).toEqual([]);
    expect(headers('too_many_attempts', 'Why.', { retryAfter: 7 })).toEqual([['Retry-After', '7']]);
    expect(headers('busy', 'Why.', { retryAfter: 0 })).toEqual([['Retry-After', '0']]);
  });
});

describe('a header', () => {
  it('is counted by name alone, in any case, wherever Node’s request is', () => {
    const rawHeaders = ['COOKIE', 'a', 'Cookies', 'cookie', 'cookie', 'b', 'Dookie', 'c'];
    expect(timesSent({ headers: {}, rawHeaders }, 'cookie')).toBe(2);
    expect(timesSent({ headers: {}, raw: { rawHeaders } }, 'cookie')).toBe(2);
    expect(timesSent({ headers: {}, raw: {} }, 'cookie')).toBe(0);
    expect(timesSent({ headers: {} }, 'cookie')).toBe(0);
  });
});

describe('a strategy of passport-jwt', () => {
  it('must itself provide the user', () => {
    class Silent extends JwtPassportStrategy {}
    const strategy = new Silent({
      jwtFromRequest: () => null,
      secretOrKeyProvider: () => {},
      algorithms: ['HS256'],
    });
    expect(() => strategy.validate(requestWithoutToken(), {})).toThrow(
      'validate() is the subclass’s.',
    );
  });
});
