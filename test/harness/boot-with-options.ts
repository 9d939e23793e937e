import { Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { expect } from '@jest/globals';
import { AuthConfigurationError, type AuthModuleOptions } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { ACCESS_SECRET, REFRESH_SECRET } from './test-secrets.js';

/** The fewest options with which the module boots, without a database. */
export const good = (): AuthModuleOptions => ({
  users: new MemoryUserDirectory(),
  accessToken: { secret: ACCESS_SECRET },
  refreshToken: { secret: REFRESH_SECRET },
  store: new MemoryRefreshTokenStore(),
});

/** A JavaScript app's options, added to good ones: nobody checked their types. Getters stay getters. */
export function withOptions(options: object): AuthModuleOptions {
  return Object.defineProperties(good(), Object.getOwnPropertyDescriptors(options));
}

export async function boot(imports: () => DynamicModule[]): Promise<void> {
  @Module({ imports: imports() })
  class TestAppModule {}
  const settings = { logger: false, abortOnError: false } as const;
  await (await NestFactory.createApplicationContext(TestAppModule, settings)).close();
}

/** The message of the error that stops the boot. */
export async function refusal(auth: () => DynamicModule): Promise<string> {
  const error = await boot(() => [auth()]).then(
    () => new Error('It booted.'),
    (reason: unknown) => reason as Error,
  );
  expect([error.message, error]).toEqual([error.message, expect.any(AuthConfigurationError)]);
  return error.message.replace('nestjs-refresh-auth: ', '');
}
