import {
  Body,
  Controller,
  Get,
  Header,
  HttpCode,
  Post,
  RequestMethod,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { AuthController, JwtAuthGuard, Public } from 'nestjs-refresh-auth';
import { sqliteKind as database } from '../harness/databases.js';
import { adapters, withTestApp, type TestApp, type TestAppOptions } from '../harness/test-app.js';

@Controller()
class WithLinks extends AuthController {
  @Post('magic-link')
  @HttpCode(200)
  @Public()
  sendLink(@Body() body: unknown): unknown {
    return body;
  }

  @Get('links/:id')
  link(): string {
    return 'a link';
  }
}

/** A route of the app, whose path ends like that of an added one. */
@Controller('shop')
@Public()
class Shop {
  @Post('magic-link')
  @Header('Cache-Control', 'max-age=60')
  order(@Body() body: unknown): unknown {
    return body;
  }
}

const events: { name: string; where?: string }[] = [];

async function unreadable(test: TestApp, path: string) {
  const { status, body, headers } = await test.client().post(path, { body: '{' });
  return [status, body.code, headers.get('cache-control')];
}
const OURS = [400, 'invalid_request', 'no-store'];
const NOT_OURS = [400, undefined, null];

describe.each(adapters)('a route that a class adds to AuthController, on %s', (adapter) => {
  const withApp = (
    given: Pick<TestAppOptions, 'prepare' | 'extras' | 'providers'>,
    story: (test: TestApp) => Promise<void>,
  ) => {
    const extras = { controller: WithLinks, ...given.extras };
    const options = { events: (event: object) => void events.push(event as never) };
    events.length = 0;
    return withTestApp(
      { ...given, adapter, database, extras, options, controllers: [Shop] },
      async (test) => story(test),
    );
  };

  it('has this module’s error for a body that is no JSON, and an event that names it', async () => {
    await withApp({}, async (test) => {
      expect(await unreadable(test, '/auth/magic-link')).toEqual(OURS);
      expect(events).toEqual([expect.objectContaining({ where: 'sendLink' })]);
      expect(await unreadable(test, '/shop/magic-link')).toEqual(NOT_OURS);
    });
  });

  it('takes JSON only, and is cached by nobody', async () => {
    await withApp({}, async (test) => {
      const client = test.client();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const form = await client.post('/auth/magic-link', { body: 'a=1', headers });
      expect([form.status, form.body.code, form.headers.get('cache-control')]).toEqual(OURS);
      const sent = await client.post('/auth/magic-link', { body: { a: 1 } });
      expect([sent.status, sent.headers.get('cache-control')]).toEqual([200, 'no-store']);
    });
  });

  it('is cached by nobody even if an app-wide guard refuses', async () => {
    const providers = [{ provide: APP_GUARD, useClass: JwtAuthGuard }];
    await withApp({ providers }, async (test) => {
      const { status, headers } = await test.client().get('/auth/links/7');
      expect([status, headers.get('cache-control')]).toEqual([401, 'no-store']);
    });
  });

  const places: [string, string, (app: INestApplication) => void, string | undefined][] = [
    ['a global prefix', '/api/auth', (app) => void app.setGlobalPrefix('api'), undefined],
    [
      'a version in the path',
      '/v1/auth',
      (app) => void app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' }),
      undefined,
    ],
    [
      'a global prefix that excludes it',
      '/auth',
      (app) => {
        const exclude = [
          { path: 'auth/magic-link', method: RequestMethod.POST },
          { path: 'auth/login', method: RequestMethod.POST },
        ];
        app.setGlobalPrefix('api', { exclude });
      },
      undefined,
    ],
    ['a path of its own', '/account', () => {}, 'account'],
    ['no path', '', () => {}, ''],
  ];

  it.each(places)('is found behind %s', async (_name, prefix, prepare, path) => {
    await withApp({ prepare, ...(path !== undefined && { extras: { path } }) }, async (test) => {
      expect(await unreadable(test, `${prefix}/magic-link`)).toEqual(OURS);
      expect(await unreadable(test, `${prefix}/login`)).toEqual(OURS);
      expect(await unreadable(test, `${prefix}/magic-link?next=/shop`)).toEqual(OURS);
      expect((await test.client().post(`${prefix}/none`, { body: {} })).status).toBe(404);
    });
  });
});

it('an added route is found with a slash at the end, if the router takes it', async () => {
  await withTestApp({ database, extras: { controller: WithLinks } }, async (test) => {
    const { body } = await test.client().post('/auth/magic-link/', { body: '{' });
    expect(body.code).toBe('invalid_request');
  });
});
