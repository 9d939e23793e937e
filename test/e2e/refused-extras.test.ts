import { describe, expect, it } from '@jest/globals';
import { AuthModule, type AuthModuleExtras, type AuthModuleOptions } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { boot, good, refusal, withOptions } from '../harness/boot-with-options.js';
import { ACCESS_SECRET } from '../harness/test-secrets.js';

class NoOptions {
  readonly options = good();
}

it('good options boot, so that the failures below have the stated cause', async () => {
  expect(await bootsBothWays(withOptions({}))).toBe(true);
});

describe('an option beside useFactory is checked too:', () => {
  it.each<[object, string]>([
    [{ isglobal: true }, 'isglobal is not an option. Did you mean isGlobal?'],
    [{ registraton: true }, 'registraton is not an option. Did you mean registration?'],
    [{ isGlobal: 'false' }, 'isGlobal must be true or false, not a text.'],
    [
      { controller: 'false' },
      'controller must be true, false or a class that extends AuthController, not a text.',
    ],
    [{ registration: 'false' }, 'registration must be true or false, not a text.'],
    [
      { controller: null },
      'controller must be true, false or a class that extends AuthController, not null: leave it out for the',
    ],
    [{ path: 5 }, 'path must be a text, such as "auth", not 5.'],
    [{ dataSource: {} }, 'dataSource must be the name of a DataSource, not an object.'],
  ])('%p', async (extras, sentence) => {
    const useFactory = good;
    const options = withOptions(extras);
    const beside = await refusal(() => AuthModule.forRootAsync({ useFactory, ...extras }));
    const within = await refusal(() => AuthModule.forRoot(options));
    expect([beside, within]).toEqual([
      expect.stringContaining(sentence),
      expect.stringContaining(sentence),
    ]);
  });

  it.each<[object]>([[{ registration: true }], [{ path: 'x' }], [{ isGlobal: false }]])(
    '%p in the result of the factory',
    async (extras) => {
      const [name] = Object.keys(extras);
      const useFactory = () => withOptions(extras);
      const sentence = `${name} belongs beside useFactory, not in what it returns.`;
      expect(await refusal(() => AuthModule.forRootAsync({ useFactory }))).toBe(sentence);
    },
  );

  it.each<[string, object, string]>([
    [
      'a misspelt way',
      { useFactori: good },
      'useFactori is not an option. Did you mean useFactory?',
    ],
    [
      'a factory that is none',
      { useFactory: good() },
      'useFactory must be a function that returns',
    ],
    ['an instance for a class', { useClass: new NoOptions() }, 'useClass must be a class with'],
    [
      'a class without its method',
      { useClass: NoOptions },
      'an object (NoOptions) of useClass or useExisting has no createAuthOptions(): write it',
    ],
    [
      'an option of the factory',
      { useFactory: good, accessToken: {} },
      'accessToken belongs in what useFactory returns, not beside it.',
    ],
    [
      'inject without a factory',
      { useClass: NoOptions, inject: [] },
      'inject is for useFactory: a class takes what it needs in its constructor. Leave it out.',
    ],
    ['imports that are no list', { useFactory: good, imports: {} }, 'imports must be a list of'],
  ])('%s', async (_what, given, sentence) => {
    const told = await refusal(() => AuthModule.forRootAsync(given as AuthModuleExtras));
    expect(told).toContain(sentence);
  });

  it('a factory given to forRoot', async () => {
    const options = withOptions({ useFactory: good });
    const sentence = 'useFactory is of AuthModule.forRootAsync(), not of forRoot().';
    expect(await refusal(() => AuthModule.forRoot(options))).toBe(sentence);
  });

  it('a promise given to forRoot', async () => {
    const options = Promise.resolve(good()) as unknown as AuthModuleOptions;
    expect(await refusal(() => AuthModule.forRoot(options))).toMatch(/got a promise: use .*Async/);
  });
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

  it('as options of a class, with getters and undefined values', async () => {
    class Configuration {
      readonly issuer = undefined;
      get accessToken() {
        return { secret: ACCESS_SECRET, expiresIn: undefined };
      }
    }
    const { accessToken: _none, ...others } = good();
    const options = Object.assign(new Configuration(), others) as unknown as AuthModuleOptions;
    expect(await bootsBothWays(options)).toBe(true);
  });
});

/** Whether they boot through forRoot and through forRootAsync; it throws where they don't. */
async function bootsBothWays(options: AuthModuleOptions): Promise<boolean> {
  await boot(() => [AuthModule.forRoot(options)]);
  await boot(() => [AuthModule.forRootAsync({ useFactory: () => options })]);
  return true;
}
