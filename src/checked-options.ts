import * as v from 'valibot';
import type { AuthModuleOptions } from './auth-module-options.js';
import { AuthConfigurationError } from './errors/configuration-error.js';
import { described } from './errors/described.js';
import {
  type collaborators,
  extraEntries,
  extrasAmongOptions,
  factoryEntries,
  factoryWithExtras,
  optionEntries,
  optionsOfFactory,
  optionsWithExtras,
} from './module-options-schema.js';
import { settingsOf, type AuthSettings } from './options/auth-settings.js';
import { read } from './options/read.js';

/** The options after every check: the settings, and the app's own objects. */
export type CheckedOptions = Pick<
  v.InferOutput<typeof optionsOfFactory>,
  keyof typeof collaborators
> & {
  settings: AuthSettings;
};

export type CheckedExtras = v.InferOutput<typeof extrasAmongOptions>;

/** The extras of an app that names none. */
export const EXTRA_DEFAULTS = read(extrasAmongOptions, {});

/**
 * Checks the options that `forRoot` received.
 * @throws {AuthConfigurationError}
 */
export function optionsOfForRoot(given: unknown): CheckedOptions {
  const where = 'is of AuthModule.forRootAsync(), not of forRoot()';
  return checked(read(optionsWithExtras, given, placed(factoryEntries, where)));
}

/**
 * Checks the options that the factory of `forRootAsync` returned.
 * @throws {AuthConfigurationError}
 */
export function optionsOfForRootAsync(given: unknown): CheckedOptions {
  const where = 'belongs beside useFactory, not in what it returns';
  return checked(read(optionsOfFactory, given, placed(extraEntries, where)));
}

/**
 * Of what `forRoot` received, that which has to be known before any provider exists, with its defaults.
 * @throws {AuthConfigurationError}
 */
export function extrasOfForRoot(given: unknown): CheckedExtras {
  if (typeof given === 'function') {
    throw new AuthConfigurationError(
      'AuthModule.forRoot() got a function: use AuthModule.forRootAsync({ useFactory }), or call it and pass what it returns.',
    );
  }
  if (typeof given !== 'object' || given === null) {
    throw new AuthConfigurationError(
      'AuthModule.forRoot() needs options: { users, accessToken: { secret }, refreshToken: { secret } }.',
    );
  }
  if (isThenable(given)) {
    throw new AuthConfigurationError(
      'AuthModule.forRoot() got a promise: use AuthModule.forRootAsync({ useFactory }), whose factory may be async.',
    );
  }
  return read(extrasAmongOptions, given);
}

/**
 * What `forRootAsync` received: the module's own, with its defaults, and where the options come from.
 * @throws {AuthConfigurationError}
 */
export function partsOfForRootAsync(given: unknown) {
  if (typeof given === 'function') {
    throw new AuthConfigurationError(
      'AuthModule.forRootAsync() got a function: write { useFactory: … } around it.',
    );
  }
  const {
    imports,
    inject,
    provideInjectionTokensFrom,
    useFactory,
    useClass,
    useExisting,
    ...rest
  } = read(
    factoryWithExtras,
    given ?? {},
    placed(optionEntries, 'belongs in what useFactory returns, not beside it'),
  );
  const ways = { useFactory, useClass, useExisting };
  if (Object.values(ways).filter((way) => way !== undefined).length !== 1) {
    throw new AuthConfigurationError(
      'AuthModule.forRootAsync() needs exactly one of useFactory, useClass and useExisting.',
    );
  }
  if (inject !== undefined && useFactory === undefined) {
    throw new AuthConfigurationError(
      'inject is for useFactory: a class takes what it needs in its constructor. Leave it out.',
    );
  }
  const extras: CheckedExtras = rest;
  return { extras, source: { imports, inject, provideInjectionTokensFrom, ...ways } };
}

/** What a class for `useClass` or `useExisting` returns. */
export async function optionsOfClass(source: unknown): Promise<AuthModuleOptions> {
  const { createAuthOptions } = Object(source) as { createAuthOptions?: unknown };
  if (typeof createAuthOptions !== 'function') {
    throw new AuthConfigurationError(
      `${described(source)} of useClass or useExisting has no createAuthOptions(): write it, and let it return the options.`,
    );
  }
  return (await createAuthOptions.call(source)) as AuthModuleOptions;
}

/** A proxy may throw whenever it is looked at: that is said where the rest is read. */
function isThenable(given: object): boolean {
  try {
    return 'then' in given;
  } catch {
    return false;
  }
}

function checked(options: v.InferOutput<typeof optionsOfFactory>): CheckedOptions {
  return { ...options, settings: settingsOf(options) };
}

function placed(entries: object, where: string): Record<string, string> {
  return Object.fromEntries(Object.keys(entries).map((name) => [name, where]));
}
