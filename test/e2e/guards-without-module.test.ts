import {
  Controller,
  Get,
  Module,
  UseGuards,
  type ExecutionContext,
  type Type,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { JwtAuthGuard, JwtRefreshGuard, RolesGuard, SameSiteGuard } from 'nestjs-refresh-auth';

@Controller()
@UseGuards(JwtAuthGuard, RolesGuard, SameSiteGuard)
class ReportsController {
  @Get()
  @UseGuards(JwtRefreshGuard)
  list(): string[] {
    return ['report'];
  }
}

const guarded = (Guard: Type) => {
  @Controller()
  @UseGuards(Guard)
  class GuardedController {
    @Get()
    read(): string {
      return 'secret';
    }
  }
  @Module({ controllers: [GuardedController] })
  class App {}
  return App;
};

describe('without AuthModule', () => {
  it('the unit test of a guarded controller needs nothing of it', async () => {
    const module = await Test.createTestingModule({ controllers: [ReportsController] }).compile();
    expect(module.get(ReportsController).list()).toEqual(['report']);
  });

  it.each([JwtAuthGuard, JwtRefreshGuard, SameSiteGuard])(
    'the boot of an app stops, and says what to do: %p',
    async (Guard) => {
      const app = await NestFactory.create(guarded(Guard), { logger: false, abortOnError: false });
      await expect(app.init()).rejects.toThrow(
        `nestjs-refresh-auth: ${Guard.name} guards a route in a module that doesn't know AuthModule: import AuthModule.forRoot(…) into the app`,
      );
      await app.close().catch(() => {});
    },
  );

  it.each([JwtAuthGuard, JwtRefreshGuard, SameSiteGuard])(
    'a guard that nobody initialized lets nobody through: %p',
    async (Guard) => {
      const module = await Test.createTestingModule({ providers: [Guard] }).compile();
      const context = {
        getHandler: () => () => {},
        getClass: () => ReportsController,
        getType: () => 'http',
        switchToHttp: () => ({ getRequest: () => ({ headers: {} }), getResponse: () => ({}) }),
      } as unknown as ExecutionContext;
      const guard = module.get<{ canActivate(context: ExecutionContext): unknown }>(Guard);
      await expect(async () => guard.canActivate(context)).rejects.toThrow(
        "guards a route in a module that doesn't know AuthModule",
      );
    },
  );
});
