import { Controller, Get, Injectable, type ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { DecoratorChecks } from '../../../src/access/decorator-checks.js';
import { Public } from '../../../src/access/public.decorator.js';
import { Roles } from '../../../src/access/roles.decorator.js';

@Controller()
class Contradictory {
  @Public()
  @Roles('admin')
  safe() {}
}

@Public()
class Vault {
  @Get('safe')
  @Roles('admin')
  safe() {}
}

@Controller()
class Opened extends Vault {
  @Get('safe')
  override safe() {}
}

@Controller()
class Bound extends Vault {
  constructor() {
    super();
    this.safe = this.safe.bind(this);
  }
}

@Injectable()
class Service extends Vault {
  @Get('safe')
  override safe() {}
}

/** The boot of an app that has these. */
async function boot(parts: ModuleMetadata): Promise<unknown> {
  const providers = [DecoratorChecks, ...(parts.providers ?? [])];
  const app = await Test.createTestingModule({ ...parts, providers }).compile();
  return app.init();
}

describe('the check of decorators at boot', () => {
  it.each<[string, ModuleMetadata, string]>([
    [
      'a controller that contradicts itself',
      { controllers: [Contradictory] },
      'Contradictory.safe has both',
    ],
    [
      'a provider that does so',
      { providers: [Contradictory] },
      'Contradictory.safe has both @Public() and @Roles()',
    ],
    [
      'what a factory made',
      { providers: [{ provide: 'made', useFactory: () => new Contradictory() }] },
      'Contradictory.safe has both @Public() and @Roles()',
    ],
    [
      'a controller with an override',
      { controllers: [Opened] },
      'Opened.safe overrides Vault.safe, which has',
    ],
    [
      'a controller whose instance has a function of its own',
      { controllers: [Bound] },
      'An instance of Bound has a function in place of Vault.safe',
    ],
  ])('refuses %s', async (_what, parts, sentence) => {
    await expect(boot(parts)).rejects.toThrow(sentence);
  });

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', 'text'],
    ['a function', () => {}],
    ['an object without a prototype', Object.create(null)],
    ['a service with a controller’s method, which no request reaches', new Service()],
  ])('accepts a value that is %s', async (_what, useValue) => {
    await expect(boot({ providers: [{ provide: 'value', useValue }] })).resolves.toBeDefined();
  });
});
