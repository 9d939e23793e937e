import { AuthConfigurationError } from '../errors/configuration-error.js';

/**
 * Guards can be made without AuthModule, so that the unit test of a guarded controller needs nothing of it. An app can't:
 * its boot stops with this.
 */
export function moduleMissing(guard: { constructor: { name: string } }): AuthConfigurationError {
  return new AuthConfigurationError(
    `${guard.constructor.name} guards a route in a module that doesn't know AuthModule: import AuthModule.forRoot(…) into the app or, with isGlobal: false, import what it returned into this module.`,
  );
}
