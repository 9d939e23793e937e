import type { Provider, Type } from '@nestjs/common';
import * as v from 'valibot';
import type { AuthEventListener } from './events/auth-events.js';
import { AuthController } from './http/auth.controller.js';
import { trimmed } from './http/mounted-controller.js';
import { authOptionEntries, WHAT_IS_NEEDED } from './options/auth-options-schema.js';
import { chosen } from './options/chosen.js';
import { functionOf, instanceWith, isClass } from './options/collaborators.js';
import { must } from './options/must.js';
import { group, groupElse, partOfGroup } from './options/option-group.js';
import { listOf, trueOrFalse } from './options/option-values.js';
import { breachedPasswords } from './passwords/breached-passwords.js';
import type { StandardSchema } from './input/standard-schema.js';
import type { PasswordHasher } from './passwords/password-hasher.js';
import type { BreachCheck } from './passwords/password-policy.js';
import type { Clock } from './runtime/clock.js';
import type { RandomSource } from './runtime/random-source.js';
import type { RefreshTokenStore } from './sessions/refresh-token-store.js';
import type { UserDirectory } from './users/user-directory.js';

const optional = v.exactOptional;

/** What the app brings: objects of its own, which are only asked for the methods that the module calls. */
export const collaborators = {
  users: optional(
    instanceWith<UserDirectory>('UserDirectory', {
      findByLogin: 'required',
      findById: 'required',
      create: 'optional',
      updatePasswordHash: 'optional',
    }),
  ),
  store: optional(
    instanceWith<RefreshTokenStore>(
      'RefreshTokenStore',
      {
        insert: 'required',
        rotate: 'required',
        find: 'required',
        listActive: 'required',
        revoke: 'required',
        revokedSince: 'required',
        deleteEnded: 'required',
        forgetDevices: 'optional',
        devicesForgottenAt: 'optional',
        keepTime: 'optional',
        keptTime: 'optional',
      },
      [
        ['forgetDevices', 'devicesForgottenAt'],
        ['keepTime', 'keptTime'],
      ],
    ),
  ),
  passwordHashers: optional(
    listOf(
      instanceWith<PasswordHasher>('PasswordHasher', {
        recognizes: 'required',
        verify: 'required',
      }),
      'PasswordHashers',
    ),
  ),
  isBreached: optional(
    functionOf<BreachCheck>('(password) => a promise of true or false', [breachedPasswords]),
  ),
  events: optional(functionOf<AuthEventListener>('(event) => …')),
  clock: optional(instanceWith<Clock>('Clock', { now: 'required', elapsed: 'optional' })),
  random: optional(instanceWith<RandomSource>('RandomSource', { bytes: 'required' })),
};

const { users, ...otherCollaborators } = collaborators;

export const optionEntries = { users, ...authOptionEntries, ...otherCollaborators };

/** What every database takes, with room for the names of indexes. */
const tableName = v.pipe(
  v.string(must('be the name of a table')),
  v.regex(/^[A-Za-z_]\w{0,39}$/, 'must be 1 to 40 letters, digits and underscores.'),
  v.description('1 to 40 letters, digits and underscores'),
);

/** How a user is registered. */
const registrationGroup = group(
  {
    schema: v.pipe(
      v.custom<StandardSchema<object>>(
        isStandardSchema,
        must('be a Standard Schema, of valibot, zod or another library that makes them'),
      ),
      v.description('a Standard Schema'),
    ),
  },
  'be true, false or { schema }',
);

/** What has to be known when the module is defined. */
export const extraEntries = {
  isGlobal: optional(trueOrFalse(), true),
  dataSource: optional(v.string(must('be the name of a DataSource'))),
  tableNames: optional(
    group(
      {
        prefix: optional(tableName),
        sessions: optional(tableName),
        rateLimits: optional(tableName),
      },
      'be { prefix, sessions, rateLimits }',
    ),
  ),
  path: optional(
    v.pipe(
      v.string(must('be a text, such as "auth"')),
      v.check(
        isPath,
        'must be parts between "/", each of letters, digits, "-", "_", "." and "~", or a :parameter: "auth", "api/auth".',
      ),
    ),
    'auth',
  ),
  controller: optional(
    v.custom<boolean | Type<AuthController>>(
      isController,
      must('be true, false or a class that extends AuthController'),
    ),
    true,
  ),
  registration: optional(
    chosen([trueOrFalse(), registrationGroup], (input) =>
      typeof input === 'boolean' ? trueOrFalse() : registrationGroup,
    ),
    false,
  ),
  extraProviders: optional(
    listOf(
      v.custom<Provider>(
        isProvider,
        must(
          'be a provider: a class, or { provide } with one of useValue, useClass, useFactory and useExisting',
        ),
      ),
      'providers',
    ),
    () => [],
  ),
};

/** What can be made with `new`: no arrow function or method, and no instance. */
const optionsClass = v.custom<Type>(
  (given) => typeof given === 'function' && given.prototype !== undefined,
  (issue) =>
    typeof issue.input === 'function'
      ? 'must be a class with createAuthOptions(), not a function: a function is for useFactory.'
      : must('be a class with createAuthOptions()')(issue),
);

/** How `forRootAsync` comes to its options: Nest's own names. */
export const factoryEntries = {
  imports: optional(listOf(v.unknown(), 'modules')),
  inject: optional(listOf(v.unknown(), 'providers')),
  provideInjectionTokensFrom: optional(listOf(v.unknown(), 'providers')),
  useFactory: optional(
    v.custom<(...given: never[]) => unknown>(
      (given) => typeof given === 'function' && !isClass(given),
      (issue) =>
        isClass(issue.input)
          ? 'must be a function that returns the options, not a class: a class is for useClass.'
          : must('be a function that returns the options')(issue),
    ),
  ),
  useClass: optional(optionsClass),
  useExisting: optional(optionsClass),
};

/** `AuthModuleOptions`: what the factory of `forRootAsync` returns. */
export const optionsOfFactory = groupElse(optionEntries, WHAT_IS_NEEDED);
/** `AuthModuleExtras`, in what `forRoot` takes. */
export const extrasAmongOptions = partOfGroup(extraEntries, WHAT_IS_NEEDED);
/** What `forRoot` takes. */
export const optionsWithExtras = groupElse({ ...optionEntries, ...extraEntries }, WHAT_IS_NEEDED);
/** What `forRootAsync` takes. */
export const factoryWithExtras = group({ ...factoryEntries, ...extraEntries });

const WAYS_TO_PROVIDE = ['useValue', 'useClass', 'useFactory', 'useExisting'];

/** Without one of the ways, Nest would leave it out and say nothing; with two, it would take either. */
function isProvider(value: unknown): boolean {
  if (typeof value === 'function') return value.prototype !== undefined;
  if (typeof value !== 'object' || value === null) return false;
  const given = value as Record<string, unknown>;
  const ways = WAYS_TO_PROVIDE.filter((way) => way in given);
  if ((given['provide'] ?? null) === null || ways.length !== 1) return false;
  return ['useClass', 'useFactory'].every(
    (way) => !(way in given) || typeof given[way] === 'function',
  );
}

/** Only what Express and Fastify take in the same way. */
function isPath(path: string): boolean {
  const inner = trimmed(path);
  if (inner === '') return true;
  return inner.split('/').every((part) => /^(?!\.{1,2}$)(?:[\w.~-]+|:[a-z_]\w*)$/i.test(part));
}

function isStandardSchema(value: unknown): boolean {
  const { validate } = Object(Object(value)['~standard']) as { validate?: unknown };
  return typeof validate === 'function';
}

function isController(value: unknown): boolean {
  if (typeof value === 'function') return value.prototype instanceof AuthController;
  return typeof value === 'boolean';
}
