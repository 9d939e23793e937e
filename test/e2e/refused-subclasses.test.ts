import {
  Controller,
  Get,
  Header,
  Post,
  Scope,
  UseGuards,
  Version,
  VersioningType,
  type INestApplication,
  type Type,
} from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { AuthController, JwtAuthGuard, Public } from 'nestjs-refresh-auth';
import { AuthConfigurationError } from '../../src/errors/configuration-error.js';
import { sqliteKind as database } from '../harness/databases.js';
import {
  adapters,
  PASSWORD,
  startTestApp,
  withTestApp,
  type AdapterName,
  type TestAppOptions,
} from '../harness/test-app.js';

const versioned = (app: INestApplication) => {
  app.enableVersioning({ type: VersioningType.URI, defaultVersion: '1' });
};

/** What stops the boot of an app with this controller; null if it boots. */
function refusal(
  adapter: AdapterName,
  controller: Type<AuthController>,
  given: Pick<TestAppOptions, 'extras' | 'prepare'> = {},
): Promise<string | null> {
  const extras = { controller, ...given.extras };
  return startTestApp({ adapter, database, ...given, extras }).then(
    async (app) => {
      await app.close();
      return null;
    },
    (error: unknown) => (error instanceof AuthConfigurationError ? error.message : `${error}`),
  );
}

class Bound extends AuthController {
  constructor() {
    super();
    this.me = this.me.bind(this);
  }
}

class BoundLogout extends AuthController {
  constructor() {
    super();
    this.logout = this.logout.bind(this);
  }
}

class Arrow extends AuthController {
  override me = ((user: never) => user) as AuthController['me'];
}

class AddedAndBound extends AuthController {
  constructor() {
    super();
    this.secret = this.secret.bind(this);
  }

  @Get('secret')
  @UseGuards(JwtAuthGuard)
  secret(): string {
    return 'for whoever is logged in';
  }
}

class OfBound extends Bound {}

class Getter extends AuthController {}
Object.defineProperty(Getter.prototype, 'logoutAll', { get: () => () => {} });

class OpenedMe extends AuthController {
  @Public()
  override me(...given: Parameters<AuthController['me']>) {
    return super.me(...given);
  }
}

class OpenedPassword extends AuthController {
  @Public()
  override async changePassword(...given: Parameters<AuthController['changePassword']>) {
    return super.changePassword(...given);
  }
}

@Public()
class Opened extends AuthController {}

class OfOpened extends Opened {}

class CachedLogin extends AuthController {
  @Header('cache-control', 'public, max-age=60')
  override async login(...given: Parameters<AuthController['login']>) {
    return super.login(...given);
  }
}

class CachedRoute extends AuthController {
  @Get('terms')
  @Public()
  @Header('CDN-Cache-Control', 'max-age=60')
  terms(): string {
    return 'be kind';
  }
}

class CachedByFunction extends AuthController {
  @Get('terms')
  @Public()
  @Header('Cache-Control', () => 'no-store')
  terms(): string {
    return 'be kind';
  }
}

class SecondMe extends AuthController {
  @Get('me')
  other(): string {
    return 'somebody';
  }
}

class SecondWithSlashes extends AuthController {
  @Get(['you', '/Me/'])
  other(): string {
    return 'somebody';
  }
}

class AnyName extends AuthController {
  @Get(':name')
  @Public()
  byName(): string {
    return 'somebody';
  }
}

class TwoAdded extends AuthController {
  @Get('links/:id')
  link(): string {
    return 'a link';
  }

  @Get('links/:name')
  named(): string {
    return 'a link';
  }
}

class OverrideAtAnothersPath extends AuthController {
  @Post('logout')
  override me(...given: Parameters<AuthController['me']>) {
    return super.me(...given);
  }
}

class SignUp extends AuthController {
  @Post('register')
  @Public()
  signUp(): string {
    return 'welcome';
  }
}

const INSTEAD =
  'which has none of the decorators, so that the route would lose its guards: write it as a method';

describe.each(adapters)('a class that extends AuthController stops the boot on %s', (adapter) => {
  it.each<[string, Type<AuthController>, string]>([
    ['a bound copy of a route', Bound, `An instance of Bound has its own "me", ${INSTEAD}`],
    [
      'one of a route that is public',
      BoundLogout,
      `An instance of BoundLogout has its own "logout", ${INSTEAD}`,
    ],
    ['an arrow function', Arrow, `An instance of Arrow has its own "me", ${INSTEAD}`],
    [
      'a bound copy of an added route',
      AddedAndBound,
      `An instance of AddedAndBound has its own "secret", ${INSTEAD}`,
    ],
    [
      'one by the class that it extends',
      OfBound,
      `An instance of OfBound has its own "me", ${INSTEAD}`,
    ],
    [
      'a getter',
      Getter,
      'Getter.logoutAll takes the place of a route and is no method, so that the route would be gone: write it as a method',
    ],
  ])('with %s in place of a route', async (_what, controller, sentence) => {
    expect(await refusal(adapter, controller)).toContain(sentence);
  });

  it.each<[string, Type<AuthController>, string]>([
    [
      'me',
      OpenedMe,
      '@Public() on OpenedMe.me would let everybody call a route that needs a user (me)',
    ],
    [
      'password',
      OpenedPassword,
      '@Public() on OpenedPassword.changePassword would let everybody call a route that needs a user (password)',
    ],
    [
      'the class',
      Opened,
      '@Public() on Opened would let everybody call a route that needs a user (logout-all)',
    ],
    ['the class that it extends', OfOpened, '@Public() on Opened would let'],
  ])('with @Public() on %s', async (_what, controller, sentence) => {
    expect(await refusal(adapter, controller)).toContain(sentence);
  });

  it.each<[string, Type<AuthController>, string]>([
    ['an override', CachedLogin, "@Header('cache-control', …) on CachedLogin.login would"],
    ['an added route', CachedRoute, "@Header('CDN-Cache-Control', …) on CachedRoute.terms would"],
    [
      'a route, by a function',
      CachedByFunction,
      "@Header('Cache-Control', …) on CachedByFunction.terms would",
    ],
  ])('with a header that lets caches keep %s', async (_what, controller, sentence) => {
    expect(await refusal(adapter, controller)).toContain(sentence);
  });

  it.each<[string, Type<AuthController>, string]>([
    [
      'its path',
      SecondMe,
      'SecondMe.other (GET me) would receive the requests for AuthController.me (GET me)',
    ],
    [
      'its path in other letters',
      SecondWithSlashes,
      'SecondWithSlashes.other (GET /Me/) would receive the requests for AuthController.me (GET me)',
    ],
    [
      'a pattern before it',
      AnyName,
      'AnyName.byName (GET :name) would receive the requests for AuthController.me (GET me)',
    ],
    [
      'the path of another added one',
      TwoAdded,
      'TwoAdded.link (GET links/:id) would receive the requests for TwoAdded.named (GET links/:name)',
    ],
    [
      'the path of another, by an override',
      OverrideAtAnothersPath,
      'OverrideAtAnothersPath.me (POST logout) would receive the requests for AuthController.logout (POST logout)',
    ],
    [
      'the path of the registration',
      SignUp,
      'SignUp.signUp (POST register) would receive the requests for AuthController.register (POST register)',
    ],
  ])('with a second route at %s', async (_what, controller, sentence) => {
    expect(await refusal(adapter, controller)).toContain(sentence);
  });

  it('but not for what opens, hides and caches nothing', async () => {
    @Controller()
    class Allowed extends AuthController {
      me2 = () => 'no route';

      @Public(false)
      @Header('Cache-Control', 'private, no-store')
      override me(...given: Parameters<AuthController['me']>) {
        return super.me(...given);
      }

      @Get('links/:id')
      @Public()
      link(): string {
        return 'a link';
      }

      @Post('me')
      change(): string {
        return 'changed';
      }
    }
    class SecondVersion extends AuthController {
      @Get('sessions')
      @Version('2')
      sessions2(): string[] {
        return [];
      }
    }
    expect(await refusal(adapter, Allowed)).toBeNull();
    expect(await refusal(adapter, SecondVersion, { prepare: versioned })).toBeNull();
    expect(await refusal(adapter, SignUp, { extras: { registration: false } })).toBeNull();
    class Closed extends Opened {
      @Public(false) override async logoutAll() {}
      @Public(false) override me(...given: Parameters<AuthController['me']>) {
        return super.me(...given);
      }
      @Public(false) override async sessions() {
        return [];
      }
      @Public(false) override async revokeSession() {}
      @Public(false) override async changePassword() {}
    }
    expect(await refusal(adapter, Closed)).toBeNull();
  });

  it('which can’t be seen for a class that is made for each request: then its routes refuse all', async () => {
    @Controller({ scope: Scope.REQUEST })
    class BoundForEachRequest extends Bound {}
    const extras = { controller: BoundForEachRequest };
    await withTestApp({ adapter, database, extras }, async (app) => {
      expect((await app.client().get('/auth/me')).status).toBe(500);
      const body = { username: 'ada', password: PASSWORD };
      expect((await app.client().post('/auth/register', { body })).status).toBe(500);
    });
  });
});
