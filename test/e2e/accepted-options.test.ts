import { describe, expect, it } from '@jest/globals';
import { AuthModule, type AuthModuleOptions } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { boot, good, withOptions } from '../harness/boot-with-options.js';
import { ACCESS_SECRET } from '../harness/test-secrets.js';

it('good options boot, so that a refusal has the stated cause', async () => {
  expect(await bootsBothWays(withOptions({}))).toBe(true);
});

describe('an object of the app is accepted', () => {
  it('as an instance of a class with further properties', async () => {
    class Store extends MemoryRefreshTokenStore {
      readonly cache = new Map<string, string>();
    }
    class Clock {
      readonly zone = 'UTC';
      now(): number {
        return Date.now();
      }
    }
    const options = withOptions({
      users: new (class extends MemoryUserDirectory {
        readonly repository = {};
      })(),
      store: new Store(),
      clock: new Clock(),
    });
    expect(await bootsBothWays(options)).toBe(true);
  });
});

/** Its values are behind getters, and what they are made of is nobody else's. */
class Configuration {
  readonly #options = good();
  readonly #secret = ACCESS_SECRET;
  readonly issuer = undefined;

  get users() {
    return this.#options.users;
  }

  get accessToken() {
    return { secret: this.#secret, expiresIn: undefined };
  }

  get refreshToken() {
    return this.#options.refreshToken;
  }

  get store() {
    return this.#options.store;
  }

  createAuthOptions(): object {
    return this;
  }
}

class ProductionConfiguration extends Configuration {
  readonly audience = 'api';
}

function frozen<T extends object>(options: T): T {
  for (const value of Object.values(options)) {
    if (Object.getPrototypeOf(value) === Object.prototype) frozen(value as object);
  }
  return Object.freeze(options);
}

/** Without a prototype, as what `querystring` parses, or a module's namespace. */
function bare(options: object): object {
  const entries = Object.entries(options).map(([name, value]: [string, unknown]) => {
    const isPlain = Object.getPrototypeOf(value) === Object.prototype;
    return [name, isPlain ? bare(value as object) : value] as const;
  });
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries));
}

describe('options are accepted', () => {
  it.each<[string, object]>([
    ['that are frozen, inside too', frozen(withOptions({ cookies: { refresh: { name: 'rt' } } }))],
    ['without a prototype, inside too', bare(withOptions({ cookies: { secure: true } }))],
    ['of a class, with private fields, getters and a method', new Configuration()],
    ['of a class that extends another', new ProductionConfiguration()],
    ['of an object that inherits from another', Object.create(good()) as object],
  ])('%s', async (_what, options) => {
    expect(await bootsBothWays(options as AuthModuleOptions)).toBe(true);
  });

  it('of a class for useClass that is the options itself', async () => {
    const given = { useClass: Configuration } as object;
    await expect(boot(() => [AuthModule.forRootAsync(given)])).resolves.toBeUndefined();
  });

  it.each<[string, object]>([
    ['frozen', Object.freeze({ useFactory: good, path: 'account' })],
    ['without a prototype', bare({ useFactory: good, path: 'account' })],
    ['inherited', Object.create({ useFactory: good, path: 'account' }) as object],
    [
      'behind a getter',
      {
        get useFactory() {
          return good;
        },
      },
    ],
  ])('beside useFactory, %s', async (_what, given) => {
    await expect(boot(() => [AuthModule.forRootAsync(given)])).resolves.toBeUndefined();
  });
});

/** Whether they boot through forRoot and through forRootAsync; it throws where they don't. */
async function bootsBothWays(options: AuthModuleOptions): Promise<boolean> {
  await boot(() => [AuthModule.forRoot(options)]);
  await boot(() => [AuthModule.forRootAsync({ useFactory: () => options })]);
  return true;
}
