import type { ExecutionContext, Type } from '@nestjs/common';
import { Reflector, type HttpAdapterHost } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import type { AccessTokenStrategy } from '../../../src/access/access-token.strategy.js';
import { JwtAuthGuard } from '../../../src/access/jwt-auth.guard.js';
import { Public } from '../../../src/access/public.decorator.js';
import { AuthError } from '../../../src/errors/auth-error.js';
import { signedInAs } from '../../../src/testing/signed-in-as.js';
import { inMemoryApp, codeOf, refusalOf, type InMemoryApp } from '../in-memory-app.js';
import { contextOf, requestWithoutToken, type TestRequest } from './handler-context.js';

class Office {
  desk() {}

  @Public()
  lobby() {}

  @Public(false)
  archive() {}
}

@Public()
class Park {
  bench() {}

  @Public(false)
  shed() {}
}

const bearing = (token: string): TestRequest => ({ headers: { authorization: `Bearer ${token}` } });

function guardOf(app: InMemoryApp) {
  const written: [unknown, string, string][] = [];
  const adapterHost = {
    httpAdapter: {
      setHeader: (response: unknown, name: string, value: string) =>
        void written.push([response, name, value]),
    },
  } as unknown as HttpAdapterHost;
  const guard = new JwtAuthGuard(app.accessStrategy, new Reflector(), adapterHost);
  /** Waits for the guard, as Nest does, even if it returns no promise. */
  const enter = async (context: ExecutionContext) => guard.canActivate(context);
  return { guard, enter, written };
}

describe('@Public()', () => {
  it('can be read as true or false by an app', () => {
    const values = [Office.prototype.lobby, Office.prototype.archive, Office.prototype.desk].map(
      (handler) => new Reflector().get(Public, handler),
    );
    expect(values).toEqual([true, false, undefined]);
  });
});

describe('the guard of access tokens', () => {
  it('accepts a token, and provides its user', async () => {
    const app = inMemoryApp();
    const { accessToken, sessionId } = await app.loggedIn();
    const { enter, written } = guardOf(app);
    for (const type of ['http', 'graphql']) {
      const request = bearing(accessToken);
      expect(await enter(contextOf(Office, 'desk', request, type))).toBe(true);
      expect(request.user).toEqual({ id: '1', sessionId, username: 'ada' });
    }
    expect(written).toEqual([]);
  });

  it.each<[string, TestRequest, string, string, string]>([
    [
      'has none',
      requestWithoutToken(),
      'token_missing',
      'Send an access token: Authorization: Bearer <token>.',
      'Bearer',
    ],
    [
      'has none of ours',
      bearing('x'),
      'token_invalid',
      'The access token is not valid.',
      'Bearer error="invalid_token", error_description="The access token is not valid."',
    ],
  ])(
    'refuses a client who %s, as RFC 6750 requires',
    async (_what, request, code, message, header) => {
      const { enter, written } = guardOf(inMemoryApp());
      const context = contextOf(Office, 'desk', request);
      expect(await refusalOf(enter(context))).toMatchObject({ code, message });
      expect(written).toEqual([
        [{ isResponse: true }, 'Auth-Error-Code', code],
        [{ isResponse: true }, 'WWW-Authenticate', header],
      ]);
      expect(request.user).toBeUndefined();
    },
  );

  it('refuses a token that was signed with another key, and knows why', async () => {
    const app = inMemoryApp();
    const { accessToken } = await app.loggedIn();
    const { enter } = guardOf(app);
    const forged = bearing(`${accessToken.slice(0, -4)}AAAA`);
    const refusal = await refusalOf(enter(contextOf(Office, 'desk', forged)));
    expect(refusal).toMatchObject({
      code: 'token_invalid',
      message: 'The access token is not valid.',
      cause: expect.objectContaining({ message: 'invalid signature' }),
    });
  });

  it('writes no headers if there is no HTTP response', async () => {
    const { enter, written } = guardOf(inMemoryApp());
    for (const type of ['graphql', 'rpc']) {
      const context = contextOf(Office, 'desk', requestWithoutToken(), type);
      expect((await refusalOf(enter(context))).code).toBe('token_missing');
    }
    expect(written).toEqual([]);
  });

  it.each<[Type, string, boolean]>([
    [Office, 'desk', false],
    [Office, 'lobby', true],
    [Office, 'archive', false],
    [Park, 'bench', true],
    [Park, 'shed', false],
  ])('of %p: %s is public: %s', async (controller, method, isOpen) => {
    const { enter } = guardOf(inMemoryApp());
    const entered = enter(contextOf(controller, method, requestWithoutToken()));
    expect(await entered.catch(() => false)).toBe(isOpen);
  });

  it('distinguishes the controllers that inherit a handler', async () => {
    class Desk {
      sit() {}
    }
    @Public()
    class OpenDesk extends Desk {}
    class ClosedDesk extends Desk {}
    const { enter } = guardOf(inMemoryApp());
    for (let i = 0; i < 2; i += 1) {
      expect(await enter(contextOf(OpenDesk, 'sit', requestWithoutToken()))).toBe(true);
      expect(await codeOf(enter(contextOf(ClosedDesk, 'sit', requestWithoutToken())))).toBe(
        'token_missing',
      );
    }
  });

  it('accepts a cached token synchronously, until its session ends', async () => {
    const app = inMemoryApp();
    const { accessToken, token, sessionId } = await app.loggedIn();
    const { guard, enter, written } = guardOf(app);
    await enter(contextOf(Office, 'desk', bearing(accessToken)));
    const request = bearing(accessToken);
    expect(guard.canActivate(contextOf(Office, 'desk', request))).toBe(true);
    expect(request.user).toEqual({ id: '1', sessionId, username: 'ada' });
    await app.auth.logout(token);
    expect(await codeOf(enter(contextOf(Office, 'desk', bearing(accessToken))))).toBe(
      'session_revoked',
    );
    expect(written.map(([, name]) => name)).toEqual(['Auth-Error-Code', 'WWW-Authenticate']);
  });

  it('works with the strategy of an app’s test, which remembers no tokens', async () => {
    const strategy = signedInAs({ id: '7' }) as unknown as AccessTokenStrategy;
    const guard = new JwtAuthGuard(strategy, new Reflector(), {} as HttpAdapterHost);
    const request = requestWithoutToken();
    expect(await guard.canActivate(contextOf(Office, 'desk', request))).toBe(true);
    expect(request.user).toEqual({ id: '7', sessionId: 'test-session' });
  });

  it('passes on what the app’s strategy throws, and lets the app’s guard decide', async () => {
    const { guard, enter, written } = guardOf(inMemoryApp());
    const context = contextOf(Office, 'desk', requestWithoutToken());
    const oops = new TypeError('oops');
    expect(() => guard.handleRequest(oops, null, null, context)).toThrow(oops);
    guard.handleRequest = <User>() => 'anybody' as User;
    const request = requestWithoutToken();
    expect(await enter(contextOf(Office, 'desk', request))).toBe(true);
    expect(request.user).toBe('anybody');
    guard.handleRequest = () => {
      throw oops;
    };
    await expect(enter(context)).rejects.toBe(oops);
    expect(written).toEqual([]);
  });

  it('passes on a refusal of the app’s strategy unchanged', () => {
    const { guard } = guardOf(inMemoryApp());
    const refusal = new AuthError('csrf_rejected', 'Why.');
    const context = contextOf(Office, 'desk', requestWithoutToken());
    expect(() => guard.handleRequest(null, null, refusal, context)).toThrow(refusal);
  });

  it.each([
    ['nothing', null],
    ['a text', 'No auth token'],
    ['another error', new TypeError('x')],
    ['an object that only looks like an error', { name: 'Error' }],
  ])('treats %s from Passport as a bad token, not as a missing one', (_what, info) => {
    const { guard } = guardOf(inMemoryApp());
    const context = contextOf(Office, 'desk', requestWithoutToken());
    expect(() => guard.handleRequest(null, null, info, context)).toThrow(
      expect.objectContaining({ code: 'token_invalid' }),
    );
  });
});
