import {
  Catch,
  HttpException,
  Injectable,
  type ArgumentsHost,
  type CallHandler,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
  type Provider,
} from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, HttpAdapterHost } from '@nestjs/core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { map, type Observable } from 'rxjs';
import { cookieKeepingClient } from '../harness/cookie-keeping-client.js';
import { sqliteKind as database } from '../harness/databases.js';
import type { HttpRequestOptions } from '../harness/http-client.js';
import { adapters, PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

/** As in Nest's documentation, “Catch everything”: the body says nothing of what it was. */
@Catch()
class CatchEverything implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: unknown, host: ArgumentsHost): void {
    const { httpAdapter } = this.adapterHost;
    const context = host.switchToHttp();
    const statusCode = exception instanceof HttpException ? exception.getStatus() : 500;
    const path: unknown = httpAdapter.getRequestUrl(context.getRequest());
    httpAdapter.reply(context.getResponse(), { statusCode, path }, statusCode);
  }
}

/** Puts its own code into the body. */
@Catch(HttpException)
class OwnCodes implements ExceptionFilter {
  constructor(private readonly adapterHost: HttpAdapterHost) {}

  catch(exception: HttpException, host: ArgumentsHost): void {
    const body = { error: { code: 'E1234', message: exception.message }, code: 'E1234' };
    const response: unknown = host.switchToHttp().getResponse();
    this.adapterHost.httpAdapter.reply(response, body, exception.getStatus());
  }
}

@Injectable()
class Envelope implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next
      .handle()
      .pipe(map((data: unknown) => ({ code: 0, success: true, data, error: null })));
  }
}

const provided = (token: string, useClass: unknown) => ({ provide: token, useClass }) as Provider;
const apps: [string, Provider[]][] = [
  ['a filter that catches everything', [provided(APP_FILTER, CatchEverything)]],
  ['a filter with codes of its own', [provided(APP_FILTER, OwnCodes)]],
  ['an envelope around every response', [provided(APP_INTERCEPTOR, Envelope)]],
  [
    'an envelope and a filter',
    [provided(APP_INTERCEPTOR, Envelope), provided(APP_FILTER, CatchEverything)],
  ],
];

let test: TestApp;

describe.each(adapters)('on %s, an app with', (adapter) => {
  afterEach(() => test.close());

  describe.each(apps)('%s', (_what, providers) => {
    const start = async () => {
      const options = { cookies: { secure: false } };
      test = await startTestApp({ adapter, database, providers, options });
      const { client } = cookieKeepingClient(test.url);
      await client.register({ username: 'ada', password: PASSWORD });
      return client;
    };

    it('signs in, refreshes and calls', async () => {
      const client = await start();
      const before = await client.getToken();
      expect(await client.refresh()).not.toBe(before);
      expect((await client.fetch('guarded')).status).toBe(200);
      expect(client.getState().status).toBe('authenticated');
    });

    it('refreshes an expired token and repeats the call', async () => {
      const client = await start();
      const before = await client.getToken();
      // Its clock only: the client still takes the token for a good one.
      test.clock.advance({ minutes: 16 });
      expect((await client.fetch('guarded')).status).toBe(200);
      expect(await client.getToken()).not.toBe(before);
    });

    it('tells the client that the session was ended', async () => {
      const client = await start();
      await test.auth.revokeEverything();
      expect((await client.fetch('guarded')).status).toBe(401);
      expect(client.getState()).toEqual({ status: 'anonymous', reason: 'session_revoked' });
    });

    it('tells the client that a refresh is refused for good, at the first one', async () => {
      const client = await start();
      await test.auth.revokeEverything();
      await client.refresh();
      expect(client.getState()).toEqual({ status: 'anonymous', reason: 'session_revoked' });
    });

    it('tells the client why a login is refused', async () => {
      const client = await start();
      const wrong = { username: 'ada', password: 'wrong horse battery staple' };
      await expect(client.login(wrong)).rejects.toMatchObject({
        code: 'invalid_credentials',
        status: 401,
      });
    });
  });
});

/** Whoever refuses: a parser, a guard, the work of a route. */
const refusals: [string, string, string, HttpRequestOptions, [number, string]][] = [
  ['a body that is no JSON', 'POST', '/auth/login', { body: '{' }, [400, 'invalid_request']],
  [
    'a body of another type',
    'POST',
    '/auth/login',
    { body: 'username=ada', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    [400, 'invalid_request'],
  ],
  ['a body without its fields', 'POST', '/auth/login', { body: {} }, [400, 'invalid_request']],
  [
    'a login from another site',
    'POST',
    '/auth/login',
    { body: {}, headers: { origin: 'https://evil.example' } },
    [403, 'csrf_rejected'],
  ],
  [
    'a refresh from another site',
    'POST',
    '/auth/refresh',
    { headers: { origin: 'https://evil.example' } },
    [403, 'csrf_rejected'],
  ],
  ['a refresh without a cookie', 'POST', '/auth/refresh', {}, [401, 'refresh_missing']],
  ['a call without a token', 'GET', '/guarded', {}, [401, 'token_missing']],
];

describe.each(adapters)(
  'on %s, behind a filter that hides it, the code is in the header',
  (adapter) => {
    beforeAll(async () => {
      const providers = [provided(APP_FILTER, CatchEverything)];
      test = await startTestApp({ adapter, database, providers });
    });
    afterAll(() => test.close());

    it.each(refusals)('of %s', async (_what, method, path, options, outcome) => {
      const { status, headers, body } = await test.client().request(method, path, options);
      expect([status, headers.get('auth-error-code')]).toEqual(outcome);
      expect(body).toEqual({ statusCode: status, path: expect.any(String) });
    });

    it('of a missing role', async () => {
      const { client, accessToken: bearer } = await test.loggedIn();
      const { status, headers } = await client.get('/admin', { bearer });
      expect([status, headers.get('auth-error-code')]).toEqual([403, 'insufficient_role']);
    });
  },
);
