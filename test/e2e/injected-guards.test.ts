import { Controller, Get, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  JwtAuthGuard,
  JwtRefreshGuard,
  Public,
  Roles,
  RolesGuard,
  SameSiteGuard,
} from 'nestjs-refresh-auth';
import { sqliteKind } from '../harness/databases.js';
import { startTestApp, type TestApp } from '../harness/test-app.js';

@Controller('posts')
class PostsController {
  constructor(
    readonly signedIn: JwtAuthGuard,
    readonly roles: RolesGuard,
    readonly sameSite: SameSiteGuard,
    readonly refresh: JwtRefreshGuard,
  ) {}

  @Get()
  list(): string[] {
    return [];
  }

  @Get('drafts')
  @Roles('editor')
  drafts(): string[] {
    return [];
  }

  @Get('guards')
  @Public()
  guards(): string[] {
    const { signedIn, roles, sameSite, refresh } = this;
    return [signedIn, roles, sameSite, refresh].map((guard) => guard.constructor.name);
  }
}

/** Imports nothing and provides no guard: AuthModule exports them, and is global. */
@Module({
  controllers: [PostsController],
  providers: [
    { provide: APP_GUARD, useExisting: JwtAuthGuard },
    { provide: APP_GUARD, useExisting: RolesGuard },
  ],
})
class PostsModule {}

describe('a module that neither imports AuthModule nor provides a guard', () => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, imports: [PostsModule] });
  });
  afterAll(() => test.close());

  it('can inject every guard into a constructor', async () => {
    const { body } = await test.client().get('/posts/guards');
    expect(body).toEqual(['JwtAuthGuard', 'RolesGuard', 'SameSiteGuard', 'JwtRefreshGuard']);
  });

  it('can guard the whole app with the guards that exist', async () => {
    const { client, accessToken: bearer } = await test.loggedIn();
    const codeOf = async (path: string, headers = {}) =>
      ((await client.get(path, headers)).body as { code?: string }).code;
    expect(await codeOf('/posts')).toBe('token_missing');
    expect(await codeOf('/posts', { bearer })).toBeUndefined();
    expect(await codeOf('/posts/drafts', { bearer })).toBe('insufficient_role');
  });
});
