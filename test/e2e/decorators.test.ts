import { Controller, Get } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { AuthModule, Public, Roles } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';

describe('decorators that contradict', () => {
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

  it.each([
    [BothController, 'BothController.safe has both @Public() and @Roles()'],
    [OpenedController, 'OpenedController.safe overrides Vault.safe'],
  ])('stop the boot, by the name of the method: %p', async (controller, sentence) => {
    const module = await Test.createTestingModule({
      imports: [
        AuthModule.forRoot({
          users: new MemoryUserDirectory(),
          store: new MemoryRefreshTokenStore(),
          accessToken: { secret: ACCESS_SECRET },
          refreshToken: { secret: REFRESH_SECRET },
        }),
      ],
      controllers: [controller],
    }).compile();
    const app = module.createNestApplication({ logger: false });
    await expect(app.init()).rejects.toThrow(sentence);
    await app.close();
  });
});
