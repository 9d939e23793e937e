import { Controller, Injectable, UseGuards, type ExecutionContext } from '@nestjs/common';
import {
  MessagePattern,
  RedisContext,
  Server,
  type BaseRpcContext,
  type CustomTransportStrategy,
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
  type HttpRequest,
} from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { firstValueFrom } from 'rxjs';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';

/** As Nest's server for Redis: a message is JSON with its payload as `data`, and its context holds the channel. */
class JsonServer extends Server implements CustomTransportStrategy {
  /** @param contextOf the context that the handlers are given */
  constructor(private readonly contextOf: (channel: string) => BaseRpcContext) {
    super();
  }

  listen(callback: () => void): void {
    callback();
  }

  close(): void {}

  on(): never {
    throw new Error('It has no events.');
  }

  unwrap(): never {
    throw new Error('There is nothing in it.');
  }

  async deliver(channel: string, message: string): Promise<unknown> {
    const { data } = JSON.parse(message) as { data: unknown };
    const handler = this.getHandlerByPattern(channel)!;
    const response = await handler(data, this.contextOf(channel));
    return firstValueFrom(this.transformToObservable(response));
  }
}

/** What the documentation says of a token that comes with the connection, and not with the message. */
let connected = '';

@Injectable()
class ConnectionGuard extends JwtAuthGuard {
  override getRequest(context: ExecutionContext): HttpRequest {
    const data = context.switchToRpc().getData<{ token?: string } | null>();
    return { headers: { authorization: `Bearer ${data?.token ?? connected}` } };
  }
}

@Controller()
class OfficeController {
  @MessagePattern('safe')
  @UseGuards(ConnectionGuard, RolesGuard)
  @Roles('admin')
  safe(@CurrentUser('username') username: string): string {
    return `gold for ${username}`;
  }

  @MessagePattern('desk')
  @UseGuards(ConnectionGuard)
  async desk(@CurrentUser('username') username: string): Promise<string> {
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
  @UseGuards(ConnectionGuard)
  lobby(@CurrentUser() user: unknown): unknown {
    return user ?? 'nobody';
  }
}

const shared = new RedisContext(['*']);

describe.each([
  ['a context of its own, as in Redis,', true, (channel: string) => new RedisContext([channel])],
  ['one context for all,', false, () => shared],
])('messages of a transport that gives each %s', (_what, isOwn, contextOf) => {
  const server = new JsonServer(contextOf);
  const tokens: Record<string, string> = {};
  let close: () => Promise<void>;

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
        }),
      ],
      controllers: [OfficeController],
    }).compile();
    const app = module.createNestMicroservice({ strategy: server, logger: false });
    await app.listen();
    for (const [username, role] of [
      ['boss', 'admin'],
      ['ada', 'user'],
    ] as const) {
      const user = await users.create({ username, passwordHash: 'x' });
      user!.claims = { username, roles: [role] };
      tokens[username] = (await module.get(AuthService).loginAs(String(user!.id))).accessToken;
    }
    close = () => app.close();
  });
  afterAll(() => close());

  const send = (by: string, channel: string, data: unknown) => {
    connected = tokens[by]!;
    return server.deliver(channel, JSON.stringify({ data })).catch(() => 'refused');
  };

  it('belong to the user in the token, whatever the sender claims', async () => {
    const forged = { id: '1', username: 'mallory', roles: ['admin'] };
    for (const sent of [{}, { user: forged }, { user: forged, headers: {} }]) {
      expect(await send('', 'safe', { ...sent, token: tokens.boss })).toBe('gold for boss');
      expect(await send('', 'safe', { ...sent, token: tokens.ada })).toBe('refused');
      expect(await send('', 'desk', { ...sent, token: tokens.ada })).toBe('ada');
      expect(await send('', 'roles-alone', sent)).toBe('refused');
      expect(await send('', 'lobby', sent)).toBe('nobody');
    }
  });

  it('that overtake each other keep their senders', async () => {
    const names = Array.from({ length: 40 }, (_, i) => (i % 2 ? 'boss' : 'ada'));
    const replies = names.map((name) => send('', 'desk', { token: tokens[name] }));
    expect(await Promise.all(replies)).toEqual(names);
  });

  it('with equal text never run as another user', async () => {
    expect(await send('boss', 'safe', 'open it')).toBe('gold for boss');
    expect(await send('', 'roles-alone', 'open it')).toBe('refused');
    expect(await send('', 'lobby', 'open it')).toBe('nobody');
    expect(await send('ada', 'safe', 'open it')).toBe('refused');
    const names = ['boss', 'ada', 'boss', 'ada'];
    const senders = await Promise.all(names.map((name) => send(name, 'desk', 'hello')));
    const strangers = senders.filter((who, i) => names.includes(who as string) && who !== names[i]);
    expect(strangers).toEqual([]);
    expect(senders.includes('refused')).toBe(!isOwn);
  });
});
