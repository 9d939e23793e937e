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
import { afterEach, describe, expect, it } from '@jest/globals';
import { map, type Observable } from 'rxjs';
import { CookieJar } from 'tough-cookie';
import { createAuthClient } from 'nestjs-refresh-auth/client';
import { sqliteKind as database } from '../harness/databases.js';
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
    return next.handle().pipe(map((data: unknown) => ({ data, error: null })));
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
afterEach(() => test?.close());

/** The client, with cookies as a browser keeps them. */
function clientOf(url: string) {
  const jar = new CookieJar();
  return createAuthClient({
    baseUrl: url,
    async fetch(input, init) {
      const target = String(input);
      const headers = new Headers(init?.headers);
      headers.set('cookie', await jar.getCookieString(target));
      const response = await fetch(target, { ...init, headers });
      for (const line of response.headers.getSetCookie()) await jar.setCookie(line, target);
      return response;
    },
  });
}

describe.each(adapters)('on %s, an app with', (adapter) => {
  describe.each(apps)('%s', (_what, providers) => {
    const start = async () => {
      const options = { cookies: { secure: false } };
      test = await startTestApp({ adapter, database, providers, options });
      const client = clientOf(test.url);
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
