import {
  Controller,
  Get,
  Global,
  Injectable,
  Module,
  VersioningType,
  type INestApplication,
} from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { AuthController, Public } from 'nestjs-refresh-auth';
import { sqliteKind as database } from '../harness/databases.js';
import { startTestApp, withTestApp } from '../harness/test-app.js';

class MyAuth extends AuthController {}

class WithLogin extends AuthController {
  override async login(...given: Parameters<AuthController['login']>) {
    return super.login(...given);
  }
}

const versioned = (app: INestApplication) => {
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
};

describe('a class that extends AuthController', () => {
  it('may have a constructor of its own, for what every module has', async () => {
    @Injectable()
    class Greeting {
      readonly text = 'good day';
    }
    @Global()
    @Module({ providers: [Greeting], exports: [Greeting] })
    class GreetingModule {}

    @Controller()
    class Greeter extends AuthController {
      constructor(private readonly greeting: Greeting) {
        super();
      }

      @Get('greeting')
      @Public()
      greet(): string {
        return this.greeting.text;
      }
    }
    await withTestApp(
      { database, extras: { controller: Greeter }, imports: [GreetingModule] },
      async (app) => {
        expect((await app.client().get('/auth/greeting')).status).toBe(200);
      },
    );
  });

  it.each<[string, object, string]>([
    [
      'MyAuth',
      { controllers: [MyAuth], extras: { controller: false } },
      'MyAuth is among the controllers of TestAppModule, where its routes would not have all of their guards: take it out there, and pass it to AuthModule as { controller: MyAuth, path }.',
    ],
    [
      'MyAuth beside the module’s own',
      { controllers: [MyAuth] },
      'MyAuth is among the controllers',
    ],
    [
      'WithLogin, which is passed to the module too',
      { controllers: [WithLogin], extras: { controller: WithLogin } },
      'WithLogin is among the controllers',
    ],
    [
      'AuthController itself',
      { controllers: [AuthController] },
      'AuthController is among the contr',
    ],
    [
      'MyAuth where AuthModule is not global',
      { controllers: [MyAuth], extras: { controller: false, isGlobal: false } },
      'MyAuth is among the controllers of TestAppModule',
    ],
  ])('is refused in the controllers of the app: %s', async (_what, given, sentence) => {
    await expect(startTestApp({ database, ...given })).rejects.toThrow(sentence);
  });

  it('is refused with a path of its own, which is not used', async () => {
    @Controller('account')
    class Elsewhere extends AuthController {}
    const sentence =
      '@Controller() of Elsewhere has the path "account", but it is mounted at "auth"';
    const extras = { controller: Elsewhere };
    await expect(startTestApp({ database, extras })).rejects.toThrow(sentence);
    await withTestApp({ database, extras: { ...extras, path: '/account' } }, async (app) => {
      expect((await app.client().get('/account/me')).status).toBe(401);
    });
  });

  it('keeps the version of its own @Controller()', async () => {
    @Controller({ version: '2' })
    class Second extends AuthController {}
    await withTestApp(
      { database, prepare: versioned, extras: { controller: Second } },
      async (app) => {
        expect((await app.client().get('/v2/auth/me')).status).toBe(401);
        expect((await app.client().get('/v1/auth/me')).status).toBe(404);
      },
    );
  });
});
