import { Controller, Module, UseGuards, type Provider } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { AuthConfigurationError } from '../../../src/errors/configuration-error.js';
import { AuthResponses } from '../../../src/http/auth-responses.js';
import { AuthRouteGuard } from '../../../src/http/auth-route.guard.js';
import { UntrustedProxyWarning } from '../../../src/http/untrusted-proxy-warning.js';

@Module({})
class Shop {}

@Controller('plain')
class Plain {}

@UseGuards(AuthRouteGuard)
@Controller('mine')
class Mine {}

/** The error with which an app does not start, in whose module `Shop` the first guard of our routes is used. */
const failure = (providers: Provider[]): Promise<unknown> =>
  Test.createTestingModule({ imports: [{ module: Shop, controllers: [Plain, Mine], providers }] })
    .compile()
    .then(
      () => 'it started',
      (error: unknown) => error,
    );

const responses = { provide: AuthResponses, useValue: {} };
const NAMED = /: Mine is among the controllers of Shop, /;

describe('the first guard of the module’s routes, used in another module, is refused', () => {
  it.each<[string, Provider[], RegExp]>([
    ['with the controller’s name', [], NAMED],
    ['also where the responses of AuthModule are imported', [responses], NAMED],
    [
      'also where another part of it is',
      [UntrustedProxyWarning],
      /: a guard of AuthController is used in another module: /,
    ],
  ])('%s', async (_what, providers, sentence) => {
    const error = await failure(providers);
    expect(error).toBeInstanceOf(AuthConfigurationError);
    expect((error as Error).message).toMatch(sentence);
  });

  it('and accepted where both are', async () => {
    expect(await failure([responses, UntrustedProxyWarning])).toBe('it started');
  });
});
