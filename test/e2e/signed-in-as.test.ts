import { Controller, Get, UseGuards } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { AccessTokenStrategy, AuthModule, CurrentUser, JwtAuthGuard } from 'nestjs-refresh-auth';
import {
  MemoryRefreshTokenStore,
  MemoryUserDirectory,
  signedInAs,
} from 'nestjs-refresh-auth/testing';
import { HttpClient } from '../harness/http-client.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';

@Controller()
class NameController {
  @Get('by-the-global-guard')
  byTheGlobalGuard(@CurrentUser('username') username: string): string {
    return username;
  }

  @Get('by-its-own-guard')
  @UseGuards(JwtAuthGuard)
  byItsOwnGuard(@CurrentUser('username') username: string): string {
    return username;
  }
}

describe('an app under test, without tokens and without a database', () => {
  it('treats every request as the given user’s, behind global guards and others', async () => {
    const module = await Test.createTestingModule({
      imports: [
        AuthModule.forRoot({
          users: new MemoryUserDirectory(),
          store: new MemoryRefreshTokenStore(),
          accessToken: { secret: ACCESS_SECRET },
          refreshToken: { secret: REFRESH_SECRET },
        }),
      ],
      controllers: [NameController],
      providers: [{ provide: APP_GUARD, useClass: JwtAuthGuard }],
    })
      .overrideProvider(AccessTokenStrategy)
      .useValue(signedInAs({ id: '1', username: 'eve' }))
      .compile();
    const app = module.createNestApplication({ logger: false });
    await app.listen(0, '127.0.0.1');
    try {
      const client = new HttpClient(await app.getUrl());
      for (const path of ['/by-the-global-guard', '/by-its-own-guard']) {
        expect((await client.get(path)).body).toBe('eve');
      }
      const { body } = await client.get('/auth/me');
      expect(body).toEqual({ id: '1', username: 'eve', sessionId: 'test-session' });
    } finally {
      await app.close();
    }
  });
});
