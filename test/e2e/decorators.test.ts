import { Controller, Get, Injectable, UseGuards, type ModuleMetadata } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { AuthModule, JwtAuthGuard, Public, Roles } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';

describe('contradictory decorators', () => {
  @Controller('both')
  class BothController {
    @Get()
    @Public()
    @Roles('admin')
    safe(): string {
      return 'gold';
    }
  }

  @Public()
  class Vault {
    @Get()
    @Roles('admin')
    safe(): string {
      return 'gold';
    }
  }

  @Controller('vault')
  class OpenedController extends Vault {
    @Get()
    override safe(): string {
      return 'more gold';
    }
  }

  class Bench {
    @Get()
    @Roles('admin')
    saw(): string {
      return 'sharp';
    }
  }

  @Roles('user')
  @Controller('bench')
  class WidenedController extends Bench {
    @Get()
    override saw(): string {
      return 'sharper';
    }
  }

  @Controller('bound')
  class BoundController extends Bench {
    constructor() {
      super();
      this.saw = this.saw.bind(this);
    }
  }

  class OwnerGuard {
    canActivate = () => true;
  }

  @Controller('own')
  class OwnGuardController extends Bench {
    @Get()
    @UseGuards(OwnerGuard)
    override saw(): string {
      return 'sharp';
    }
  }

  @Injectable()
  class Service extends Bench {
    @Get()
    override saw(): string {
      return 'sharp';
    }
  }

  @Controller('copied')
  class CopiedController {
    constructor() {
      this.safe = this.safe.bind(this);
    }

    @Get()
    @UseGuards(JwtAuthGuard)
    safe(): string {
      return 'gold';
    }
  }

  it.each([
    [
      CopiedController,
      'An instance of CopiedController has a function in place of CopiedController.safe, and Nest would call it without JwtAuthGuard',
    ],
    [WidenedController, 'WidenedController.saw overrides Bench.saw'],
    [BoundController, 'An instance of BoundController has a function in place of Bench.saw'],
    [BothController, 'BothController.safe has both @Public() and @Roles()'],
    [OpenedController, 'OpenedController.safe overrides Vault.safe'],
  ])('stop the boot, naming the method: %p', async (controller, sentence) => {
    const app = await anApp({ controllers: [controller] });
    await expect(app.init()).rejects.toThrow(sentence);
    await app.close();
  });

  it('are allowed on a method with its own guard, and in a class that no request reaches', async () => {
    const app = await anApp({ controllers: [OwnGuardController], providers: [Service] });
    await expect(app.init()).resolves.toBe(app);
    await app.close();
  });
});

async function anApp(parts: ModuleMetadata) {
  const module = await Test.createTestingModule({
    imports: [
      AuthModule.forRoot({
        users: new MemoryUserDirectory(),
        store: new MemoryRefreshTokenStore(),
        accessToken: { secret: ACCESS_SECRET },
        refreshToken: { secret: REFRESH_SECRET },
      }),
    ],
    ...parts,
  }).compile();
  return module.createNestApplication({ logger: false });
}
