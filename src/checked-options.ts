import type { AuthModuleOptions } from './auth-module-options.js';
import { AuthConfigurationError } from './errors/configuration-error.js';
import type { AuthOptions } from './options/auth-options.js';
import { resolveAuthOptions, type AuthSettings } from './options/auth-settings.js';

/** The options after every check: the settings, and the app's own objects. */
export type CheckedOptions = Omit<AuthModuleOptions, keyof AuthOptions> & {
  settings: AuthSettings;
};

/**
 * Checks what `forRoot` received, or what the factory of `forRootAsync` returned.
 * @throws {AuthConfigurationError}
 */
export function readOptions(given: AuthModuleOptions): CheckedOptions {
  const settings = resolveAuthOptions(given);
  const { users, store, passwordHashers, isBreached, events, clock, random } = given;
  if (typeof users?.findByLogin !== 'function' || typeof users.findById !== 'function') {
    throw new AuthConfigurationError(
      'users is missing: pass a UserDirectory, an object with findByLogin() and findById().',
    );
  }
  return {
    settings,
    users,
    ...(store === undefined ? {} : { store }),
    ...(passwordHashers === undefined ? {} : { passwordHashers }),
    ...(isBreached === undefined ? {} : { isBreached }),
    ...(events === undefined ? {} : { events }),
    ...(clock === undefined ? {} : { clock }),
    ...(random === undefined ? {} : { random }),
  };
}
