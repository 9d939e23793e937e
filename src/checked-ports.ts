import * as v from 'valibot';
import { AuthConfigurationError } from './errors/configuration-error.js';
import { AUTH_EVENT_LISTENER } from './events/auth-events.js';
import { LIMITER_FACTORY, type LimiterFactory } from './limits/limiters.js';
import { collaborators } from './module-options-schema.js';
import { functionOf } from './options/collaborators.js';
import { read } from './options/read.js';
import { PASSWORD_HASHERS } from './passwords/password-hasher.js';
import { BREACH_CHECK } from './passwords/password-policy.js';
import { CLOCK } from './runtime/clock.js';
import { RANDOM_SOURCE } from './runtime/random-source.js';
import { REFRESH_TOKEN_STORE } from './sessions/refresh-token-store.js';
import { USER_DIRECTORY } from './users/user-directory.js';
import { tryClock, tryRandomSource } from './tried-ports.js';
import type { Ports } from './wiring.js';

const { users, store, clock, random, events, passwordHashers, isBreached } = collaborators;

/** Of each port: the option that sets it otherwise, its token, and what its value must be. */
export const PORTS = [
  ['users', USER_DIRECTORY, users.wrapped],
  ['store', REFRESH_TOKEN_STORE, store.wrapped],
  ['clock', CLOCK, clock.wrapped],
  ['random', RANDOM_SOURCE, random.wrapped],
  ['events', AUTH_EVENT_LISTENER, events.wrapped],
  ['passwordHashers', PASSWORD_HASHERS, passwordHashers.wrapped],
  ['isBreached', BREACH_CHECK, v.nullable(isBreached.wrapped)],
  ['limiter', LIMITER_FACTORY, functionOf<LimiterFactory>('(thing, limit) => a limiter')],
] as const;

/** The token of the {@link CheckedPorts}. */
export const CHECKED_PORTS = 'nestjs-refresh-auth:CHECKED_PORTS';

type Checked = Pick<Ports, 'users' | 'store' | 'clock' | 'random' | 'isBreached' | 'limiter'> & {
  events: Ports['listener'];
  passwordHashers: Ports['passwordHashers'];
};

export type CheckedPorts = ReturnType<typeof checkedPorts>;

/**
 * Checks what is under the tokens, whoever put it there.
 * @param values in the order of {@link PORTS}
 * @throws {AuthConfigurationError} with the sentence that a wrong option gets
 */
export function checkedPorts(values: readonly unknown[], registration: boolean) {
  const entries = PORTS.map(([name, , schema]) => [name, schema] as const);
  const named = Object.fromEntries(PORTS.map(([name], index) => [name, values[index]]));
  const schema = v.object(Object.fromEntries(entries) as Record<string, v.GenericSchema>);
  const { events: listener, ...ports } = read(schema, named) as unknown as Checked;
  if (registration && typeof ports.users.create !== 'function') {
    throw new AuthConfigurationError(
      'registration needs users.create(): write it, or leave registration out.',
    );
  }
  tryClock(ports.clock);
  tryRandomSource(ports.random);
  return { ...ports, listener };
}
