import { describe, expect, it } from '@jest/globals';
import {
  AuthController,
  AuthModule,
  CLOCK,
  type AuthModuleExtras,
  type AuthModuleOptions,
} from 'nestjs-refresh-auth';
import { boot, good, refusal, withOptions } from '../harness/boot-with-options.js';

class MyAuth extends AuthController {}

class NoOptions {
  readonly options = good();
}

describe('an option beside useFactory is checked too:', () => {
  it.each<[object, string]>([
    [{ isglobal: true }, 'isglobal is not an option. Did you mean isGlobal?'],
    [{ registraton: true }, 'registraton is not an option. Did you mean registration?'],
    [{ isGlobal: 'false' }, 'isGlobal must be true or false, not a text.'],
    [
      { controller: 'false' },
      'controller must be true, false or a class that extends AuthController, not a text.',
    ],
    [{ registration: 'false' }, 'registration must be true, false or { schema }, not a text.'],
    [
      { registration: { schema: {} } },
      'registration.schema must be a Standard Schema, of valibot, zod or another library that makes them, not an object.',
    ],
    [{ registration: {} }, 'registration.schema must be a Standard Schema'],
    [
      { controller: null },
      'controller must be true, false or a class that extends AuthController, not null: leave it out for the',
    ],
    [{ path: 5 }, 'path must be a text, such as "auth", not 5.'],
    [{ dataSource: {} }, 'dataSource must be the name of a DataSource, not an object.'],
    [{ path: Promise.resolve('auth') }, 'path must be a text, such as "auth", not a promise'],
    [
      { registration: () => true },
      'registration must be true, false or { schema }, not a function.',
    ],
    [
      { controller: () => MyAuth },
      'controller must be true, false or a class that extends AuthCon',
    ],
    [{ controller: AuthController }, 'controller must be true, false or a class that extends Auth'],
    [{ extraProviders: [CLOCK] }, 'extraProviders[0] must be a provider: a class, or { provide }'],
    [
      { extraProviders: [NoOptions, { provide: CLOCK, useVaule: Date }] },
      'extraProviders[1] must be a provider: a class, or { provide } with one of useValue, useClass, u',
    ],
    [{ extraProviders: [undefined] }, 'extraProviders[0] must be a provider'],
    [
      { extraProviders: [null] },
      'with one of useValue, useClass, useFactory and useExisting, not null.',
    ],
    [{ extraProviders: [() => ({})] }, 'extraProviders[0] must be a provider'],
    [
      { extraProviders: [{ provide: undefined, useValue: 1 }] },
      'extraProviders[0] must be a provider',
    ],
    [{ extraProviders: [{ provide: 'x', useFactory: 3 }] }, 'extraProviders[0] must be a provider'],
    [
      { extraProviders: [{ provide: CLOCK, useValue: {}, useFactory: () => ({}) }] },
      'extraProviders[0] must be a provider: a class, or { provide } with one of useValue, useClass',
    ],
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

  it.each<[string, unknown, string]>([
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
    [
      'a class for a factory',
      { useFactory: NoOptions },
      'useFactory must be a function that returns the options, not a class: a class is for useClass.',
    ],
    [
      'a function for a class',
      { useClass: () => good() },
      'useClass must be a class with createAuthOptions(), not a function: a function is for useFa',
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
    ['two ways', { useFactory: good, useClass: NoOptions }, 'needs exactly one of useFactory'],
    ['nothing', {}, 'AuthModule.forRootAsync() needs exactly one of useFactory, useClass and'],
    ['undefined', undefined, 'AuthModule.forRootAsync() needs exactly one of useFactory, useClass'],
    ['a factory alone', good, 'AuthModule.forRootAsync() got a function: write { useFactory: … }'],
    [
      'a promise',
      Promise.resolve({ useFactory: good }),
      'the options must be an object of options, not a promise: await it.',
    ],
    ['a list', [good], 'the options must be an object of options, not an array.'],
    ['imports that are no list', { useFactory: good, imports: {} }, 'imports must be a list of'],
  ])('%s', async (_what, given, sentence) => {
    const shown = await refusal(() => AuthModule.forRootAsync(given as AuthModuleExtras));
    expect(shown).toContain(sentence);
  });

  it('a factory given to forRoot', async () => {
    const options = withOptions({ useFactory: good });
    const sentence = 'useFactory is of AuthModule.forRootAsync(), not of forRoot().';
    expect(await refusal(() => AuthModule.forRoot(options))).toBe(sentence);
  });

  it.each<[string, () => unknown, string]>([
    ['undefined', () => undefined, 'the options must be an object: pass { users, accessToken:'],
    ['null', () => null, 'the options must be an object: pass { users, accessToken:'],
    ['a promise of nothing', async () => {}, 'the options must be an object: pass { users, acc'],
    ['another factory', () => good, 'the options must be an object: pass { users, accessToken'],
    ['a list', () => [good()], 'the options must be an object: pass { users, accessToken: { se'],
    ['a Map', () => new Map(), 'the options must be an object: pass { users, accessToken: { s'],
  ])('a factory that returns %s', async (_what, useFactory, sentence) => {
    class Source {
      createAuthOptions() {
        return useFactory();
      }
    }
    for (const way of [{ useFactory }, { useClass: Source }] as object[]) {
      expect(await refusal(() => AuthModule.forRootAsync(way))).toContain(sentence);
    }
  });

  it('a function given to forRoot', async () => {
    const options = good as unknown as AuthModuleOptions;
    const sentence =
      'AuthModule.forRoot() got a function: use AuthModule.forRootAsync({ useFactory';
    expect(await refusal(() => AuthModule.forRoot(options))).toContain(sentence);
  });

  it('a promise given to forRoot', async () => {
    const options = Promise.resolve(good()) as unknown as AuthModuleOptions;
    expect(await refusal(() => AuthModule.forRoot(options))).toMatch(/got a promise: use .*Async/);
  });
});

describe('a path that Express or Fastify would not find, or not take', () => {
  it.each(
    'auth? (auth) [auth a+b auth: :: :a:b :id(\\d+) https://x/auth * *rest a*b {a} {:x/}auth auth#x . .. ../auth a//b äuth a%20b'
      .split(' ')
      .concat(' ', 'a b', 'auth\t', 'auth\n', '/ /'),
  )('stops the boot: %p', async (path) => {
    const sentence = await refusal(() => AuthModule.forRoot({ ...good(), path }));
    expect(sentence).toMatch(/^path must be parts between "\/"/);
  });

  it.each(['', '/', 'auth', '/auth/', 'api/v1/auth', 'a-b_c.d~e', ':tenant/auth', '.well-known'])(
    'does not: %p',
    async (path) => {
      await expect(boot(() => [AuthModule.forRoot({ ...good(), path })])).resolves.toBeUndefined();
    },
  );
});
