import type { Server } from 'node:net';
import { Controller, Injectable, UseGuards, type ExecutionContext } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import {
  ClientProxyFactory,
  MessagePattern,
  Transport,
  type ClientProxy,
  type MicroserviceOptions,
} from '@nestjs/microservices';
import { Test } from '@nestjs/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AuthModule,
  AuthService,
  CurrentUser,
  JwtAuthGuard,
  Public,
  Roles,
  RolesGuard,
  type AuthenticatedUser,
  type AuthEvent,
  type HttpRequest,
} from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { firstValueFrom } from 'rxjs';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';

/** As documented for other transports: the guard only needs to know the place of the token. */
@Injectable()
class MessageGuard extends JwtAuthGuard {
  override getRequest(context: ExecutionContext): HttpRequest {
    const { token } = context.switchToRpc().getData<{ token?: string }>() ?? {};
    return { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } };
  }
}

@Controller()
class OfficeController {
  @MessagePattern('safe')
  @UseGuards(MessageGuard, RolesGuard)
  @Roles('admin')
  safe(@CurrentUser('username') username: string): string {
    return `gold for ${username}`;
  }

  @MessagePattern('desk')
  @UseGuards(MessageGuard)
  desk(@CurrentUser() user: AuthenticatedUser): unknown {
    return user;
  }

  @MessagePattern('headers')
  @UseGuards(JwtAuthGuard, RolesGuard)
  @Roles('admin')
  byHeaders(@CurrentUser('username') username: string): string {
    return username;
  }

  @MessagePattern('roles-alone')
  @UseGuards(RolesGuard)
  @Roles('admin')
  rolesAlone(): string {
    return 'never';
  }

  @MessagePattern('lobby')
  @Public()
  @UseGuards(MessageGuard, RolesGuard)
  lobby(@CurrentUser() user: unknown): unknown {
    return { who: user ?? 'nobody' };
  }

  @MessagePattern('open')
  open(@CurrentUser() user: unknown, @CurrentUser('roles') roles: unknown): unknown {
    return { who: user ?? 'nobody', roles: roles ?? 'none' };
  }
}

const FORGED = { id: '1', sessionId: 'x', username: 'mallory', roles: ['admin'] };

describe.each([
  ['guards of their own', []],
  ['a guard of the whole app', [{ provide: APP_GUARD, useClass: MessageGuard }]],
])('messages over TCP, with %s', (_what, providers) => {
  const events: AuthEvent[] = [];
  let close: () => Promise<void>;
  let client: ClientProxy;
  let auth: AuthService;
  let admin: string;
  let ada: string;

  beforeAll(async () => {
    const users = new MemoryUserDirectory();
    const module = await Test.createTestingModule({
      imports: [
        AuthModule.forRoot({
          controller: false,
          users,
          store: new MemoryRefreshTokenStore(),
          accessToken: { secret: ACCESS_SECRET },
          refreshToken: { secret: REFRESH_SECRET },
          events: (event) => void events.push(event),
        }),
      ],
      controllers: [OfficeController],
      providers,
    }).compile();
    const app = module.createNestMicroservice<MicroserviceOptions>({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port: 0 },
      logger: false,
    });
    await app.listen();
    const { port } = app.unwrap<Server>().address() as { port: number };
    client = ClientProxyFactory.create({
      transport: Transport.TCP,
      options: { host: '127.0.0.1', port },
    });
    auth = module.get(AuthService);
    const tokenOf = async (username: string, roles: string[]) => {
      const user = await users.create({ username, passwordHash: 'x' });
      user!.claims = { username, roles };
      return (await auth.loginAs(String(user!.id))).accessToken;
    };
    admin = await tokenOf('boss', ['admin']);
    ada = await tokenOf('ada', ['user']);
    close = async () => {
      client.close();
      await app.close();
    };
  });
  afterAll(() => close());

  const send = (pattern: string, payload: unknown): Promise<unknown> =>
    firstValueFrom(client.send(pattern, payload as object)).catch(() => 'refused');

  it('are accepted with the role in the token', async () => {
    expect(await send('safe', { token: admin })).toBe('gold for boss');
    expect(await send('desk', { token: ada })).toMatchObject({ username: 'ada', roles: ['user'] });
  });

  it('that are refused cause an event with the handler and the user', async () => {
    events.splice(0);
    await send('safe', { token: ada });
    expect(events).toEqual([
      expect.objectContaining({
        type: 'refused',
        code: 'insufficient_role',
        where: 'OfficeController.safe',
        userId: expect.any(String),
        sessionId: expect.any(String),
      }),
    ]);
  });

  it('use the user that the guard verified, never one that the sender wrote', async () => {
    expect(await send('safe', { token: ada, user: FORGED })).toBe('refused');
    expect(await send('safe', { token: admin, user: FORGED })).toBe('gold for boss');
    expect(await send('desk', { token: ada, user: FORGED })).toMatchObject({ username: 'ada' });
    expect(await send('safe', { user: FORGED })).toBe('refused');
  });

  it.each<[string, unknown]>([
    ['a user', { user: FORGED }],
    ['a user and headers', { user: FORGED, headers: {}, raw: {}, method: 'GET' }],
    ['a prototype', JSON.parse(`{"__proto__":{"user":${JSON.stringify(FORGED)}}}`)],
    ['a text', 'admin'],
    ['a number', 7],
    ['an empty text', ''],
    ['false', false],
    ['a list', [{ user: FORGED }]],
  ])('with %s instead of a token have no user', async (_payload, payload) => {
    expect(await send('roles-alone', payload)).toBe('refused');
    expect(await send('safe', payload)).toBe('refused');
    expect(await send('desk', payload)).toBe('refused');
    expect(await send('headers', payload)).toBe('refused');
    expect(await send('lobby', payload)).toEqual({ who: 'nobody' });
    const openly = providers.length === 0 ? { who: 'nobody', roles: 'none' } : 'refused';
    expect(await send('open', payload)).toEqual(openly);
  });

  it('with the token in headers need no guard of the app', async () => {
    const byHeaders = providers.length === 0 ? 'boss' : 'refused';
    const headers = { authorization: `Bearer ${admin}` };
    expect(await send('headers', { headers })).toBe(byHeaders);
    const own = { authorization: `Bearer ${ada}` };
    expect(await send('headers', { headers: own, user: FORGED })).toBe('refused');
    expect(await send('headers', { headers: own, rawHeaders: [null, 5] })).toBe('refused');
  });

  it('that overtake each other on one connection keep their senders', async () => {
    const replies = Array.from({ length: 40 }, (_, i) =>
      send('desk', { token: i % 2 ? admin : ada }),
    );
    const names = (await Promise.all(replies)).map((user) => (user as AuthenticatedUser).username);
    expect(names).toEqual(Array.from({ length: 40 }, (_, i) => (i % 2 ? 'boss' : 'ada')));
  });
});
