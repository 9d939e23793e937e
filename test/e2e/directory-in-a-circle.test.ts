import { describe, expect, it } from '@jest/globals';
import { forwardRef, Inject, Injectable, Module, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { AuthModule, AuthService, type UserDirectory } from '../../src/index.js';
import { MemoryRefreshTokenStore } from '../../src/testing/index.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';

const ORDERS = ['users first', 'auth first', 'users by auth alone'] as const;

/** An app whose directory uses a service that uses AuthService. */
function circularApp(order: (typeof ORDERS)[number], waits: boolean) {
  @Injectable()
  class UsersService {
    constructor(
      @Inject(waits ? forwardRef(() => AuthService) : AuthService)
      private readonly auth: AuthService,
    ) {}

    disable(id: string): Promise<number> {
      return this.auth.revokeAllForUser(id);
    }

    async find(id: string) {
      return { id, passwordHash: null };
    }
  }

  @Injectable()
  class ServiceUsers implements UserDirectory {
    constructor(@Inject(UsersService) private readonly service: UsersService) {}

    findByLogin(login: string) {
      return this.service.find(login);
    }

    findById(id: string) {
      return this.service.find(id);
    }
  }

  @Module({ providers: [UsersService, ServiceUsers], exports: [UsersService, ServiceUsers] })
  class UsersModule {}

  const auth = AuthModule.forRootAsync({
    imports: [UsersModule],
    inject: [ServiceUsers],
    useFactory: async (users: ServiceUsers) => ({
      users,
      store: new MemoryRefreshTokenStore(),
      accessToken: { secret: ACCESS_SECRET },
      refreshToken: { secret: REFRESH_SECRET },
    }),
  });
  const imports = {
    'users first': [UsersModule, auth],
    'auth first': [auth, UsersModule],
    'users by auth alone': [auth],
  }[order];
  return {
    module: Test.createTestingModule({ imports }),
    UsersService: UsersService as Type<UsersService>,
  };
}

describe.each(ORDERS)('a directory and AuthService that need each other, %s', (order) => {
  it('boot where the service waits by forwardRef, and the service ends sessions', async () => {
    const { module, UsersService } = circularApp(order, true);
    const app = await module.compile();
    await app.init();
    await app.get(AuthService).loginAs('7');
    const ended = await app.get(UsersService, { strict: false }).disable('7');
    await app.close();
    expect(ended).toBe(1);
  });

  it('stop the boot where neither waits, with a message that the FAQ has', async () => {
    await expect(circularApp(order, false).module.compile()).rejects.toThrow(
      /circular dependency has been detected/,
    );
  });
});
