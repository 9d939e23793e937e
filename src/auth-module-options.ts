import type { Provider, Type } from '@nestjs/common';
import type { AuthOptions } from './options/auth-options.js';
import type { AuthController } from './http/auth.controller.js';
import type { Clock } from './runtime/clock.js';
import type { RandomSource } from './runtime/random-source.js';
import type { PasswordHasher } from './passwords/password-hasher.js';
import type { BreachCheck } from './passwords/password-policy.js';
import type { AuthEventListener } from './events/auth-events.js';
import type { RefreshTokenStore } from './sessions/refresh-token-store.js';
import type { TableNames } from './databases.js';
import type { StandardSchema } from './input/standard-schema.js';
import type { UserDirectory } from './users/user-directory.js';

/** What `AuthModule.forRoot` takes, and what the factory of `forRootAsync` returns. */
export interface AuthModuleOptions extends AuthOptions {
  /** The app's users. Needed, unless `extraProviders` has the `USER_DIRECTORY`. */
  users?: UserDirectory;
  /** Where sessions are kept. Default: the TypeORM DataSource. */
  store?: RefreshTokenStore;
  /** Check hashes of an earlier system, which are then replaced by argon2id. */
  passwordHashers?: readonly PasswordHasher[];
  /** Whether a new password is known to have leaked, for example `breachedPasswords()`. Default: not asked. */
  isBreached?: BreachCheck;
  /** Told of logins, reuse, revocations and more, in place of the audit log that is written otherwise. */
  events?: AuthEventListener;
  /** For tests: where time comes from. */
  clock?: Clock;
  /** For tests: where secrets come from. */
  random?: RandomSource;
}

export interface RegistrationOptions {
  /** Checks an object with the fields of the body beside `username` and `password`, and returns one. */
  schema: StandardSchema<object>;
}

/** What has to be known when the module is defined, before any provider exists. */
export interface AuthModuleExtras {
  /** Makes guards and `AuthService` available in every module. Default true. */
  isGlobal?: boolean;
  /** Name of the TypeORM DataSource that keeps the sessions. Default: the unnamed one. */
  dataSource?: string | undefined;
  /**
   * Names of the module's tables for a DataSource with `autoLoadEntities`; a list of entities has
   * `...authTables(tableNames).entities` instead. Both have `...authTables(tableNames).migrations`. Default: `refresh_tokens`
   * and `auth_rate_limits`.
   */
  tableNames?: TableNames | undefined;
  /** Where the routes are. Default `'auth'`. */
  path?: string;
  /**
   * False: no routes, only the service and the guards. A class that extends `AuthController`: the routes, as it changes
   * them, and those that it adds. Default true.
   */
  controller?: boolean | Type<AuthController>;
  /**
   * Adds `POST register`; needs `UserDirectory.create`. With a schema (a Standard Schema, of valibot, zod or others), which
   * checks the further fields of the body and gives them to `create`. Default false.
   */
  registration?: boolean | RegistrationOptions;
  /** Providers of the module that stand last: one under a port's token, such as `CLOCK`, takes the place of ours. */
  extraProviders?: readonly Provider[];
}
