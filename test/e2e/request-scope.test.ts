import { Injectable, Module, Scope, type DynamicModule, type Provider } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import {
  AUTH_EVENT_LISTENER,
  AuthModule,
  BREACH_CHECK,
  CLOCK,
  LIMITER_FACTORY,
  PASSWORD_HASHERS,
  RANDOM_SOURCE,
  REFRESH_TOKEN_STORE,
  USER_DIRECTORY,
} from 'nestjs-refresh-auth';
import { MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { boot, good, refusal, withOptions } from '../harness/boot-with-options.js';

@Injectable({ scope: Scope.REQUEST })
class UsersOfTenant extends MemoryUserDirectory {}

@Module({ providers: [UsersOfTenant], exports: [UsersOfTenant] })
class TenantModule {}

const ports: [name: string, token: string][] = [
  ['users', USER_DIRECTORY],
  ['store', REFRESH_TOKEN_STORE],
  ['clock', CLOCK],
  ['random', RANDOM_SOURCE],
  ['events', AUTH_EVENT_LISTENER],
  ['passwordHashers', PASSWORD_HASHERS],
  ['isBreached', BREACH_CHECK],
  ['limiter', LIMITER_FACTORY],
];

const useFactory = () => new MemoryUserDirectory();

const provided =
  (...extraProviders: Provider[]) =>
  (): DynamicModule =>
    AuthModule.forRoot(withOptions({ extraProviders }));

const injected = () =>
  AuthModule.forRootAsync({
    imports: [TenantModule],
    inject: [UsersOfTenant],
    useFactory: (users: UsersOfTenant) => ({ ...good(), users }),
  });

/** Once for each request, limits would start at nothing and revocations would be forgotten. */
describe('what Nest would make for each request stops the boot', () => {
  it.each(ports)('as the port %s', async (name, provide) => {
    const sentence = await refusal(provided({ provide, scope: Scope.REQUEST, useFactory }));
    expect(sentence).toContain(`the port "${name}" is made for each request (Scope.REQUEST)`);
  });

  it('as a class that a port stands for', async () => {
    const alias = { provide: USER_DIRECTORY, useExisting: UsersOfTenant };
    expect(await refusal(provided(UsersOfTenant, alias))).toContain('the port "users"');
  });

  it('as what the options inject', async () => {
    expect(await refusal(injected)).toContain('what forRootAsync injects for the options');
  });

  it('and not what is made for each that injects it', async () => {
    const transient = { provide: USER_DIRECTORY, scope: Scope.TRANSIENT, useFactory };
    await expect(boot(() => [provided(transient)()])).resolves.toBeUndefined();
  });
});
