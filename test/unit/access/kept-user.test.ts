import type { ExecutionContext } from '@nestjs/common';
import { Reflector, type HttpAdapterHost } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from '@jest/globals';
import { JwtAuthGuard } from '../../../src/access/jwt-auth.guard.js';
import { keepUser, keptUser } from '../../../src/access/kept-user.js';
import { signedInAs } from '../../../src/testing/signed-in-as.js';
import { inMemoryApp, codeOf } from '../in-memory-app.js';
import { ADA, ADMIN, call, client, contextTo, FORGED, mayEnter, ServerRequest } from './calls.js';

describe.each<[string, () => () => ExecutionContext]>([
  ['a message with a context', () => call('rpc', { user: FORGED }, { pattern: 'x' })],
  ['a message of text', () => call('rpc', 'admin', { pattern: 'x' })],
  ['a message without a context', () => call('rpc', { user: FORGED })],
  ['a message in a stream', () => call('rpc', {}, { metadata: 1 }, { call: 1 })],
  ['a message through a socket', () => call('ws', client, { user: FORGED }, 'pattern')],
  ['a message through a server’s socket', () => call('ws', new ServerRequest({}, FORGED), {}, 'x')],
  ['a message beside a request', () => call('rpc', {}, {}, { req: new ServerRequest({}, FORGED) })],
  ['a text through a socket', () => call('ws', client, 'x', 'pattern')],
  ['nothing through a socket', () => call('ws', client, undefined, () => {}, 'pattern')],
  ['an operation of GraphQL', () => call('graphql', {}, {}, { req: { user: FORGED } }, {})],
  ['an operation of GraphQL without a request', () => call('graphql', {}, {}, { user: FORGED })],
  ['a call of another kind', () => call('telegram', { user: FORGED }, () => {})],
  ['what passes for HTTP and is a message', () => call('http', { user: FORGED, headers: {} })],
  [
    'what passes for HTTP and has no prototype',
    () => call('http', Object.assign(Object.create(null), { user: FORGED, headers: {} })),
  ],
])('the user of %s', (_what, aCall) => {
  it('is unknown until a guard has run, and then the one it found', () => {
    const context = aCall();
    expect(keptUser(context())).toBeUndefined();
    expect(mayEnter(context())).toBe(false);
    keepUser(context(), ADMIN);
    expect(keptUser(context())).toBe(ADMIN);
    expect(mayEnter(context())).toBe(true);
    keepUser(context(), null);
    expect(keptUser(context())).toBeNull();
    expect(mayEnter(context())).toBe(false);
  });

  it('is the one that a test sets', () => {
    const context = aCall();
    signedInAs(ADMIN).canActivate(context());
    expect(keptUser(context())).toEqual(ADMIN);
  });
});

describe('the user of an HTTP request', () => {
  it('is on the request, where a guard of Passport may have put it', () => {
    const request = new ServerRequest({});
    const context = call('http', request, {});
    expect(keepUser(context(), ADMIN)).toBe(true);
    expect(request.user).toBe(ADMIN);
    request.user = ADA;
    expect(keptUser(context())).toBe(ADA);
  });

  it('is not that of a call of another kind with the same object', () => {
    const message = { headers: {} };
    keepUser(call('http', message)(), ADMIN);
    expect(keptUser(call('telegram', message)())).toBeUndefined();
  });
});

describe('the user of a call', () => {
  it.each<[string, ...unknown[]]>([
    ['http', { headers: {} }],
    ['graphql', {}, {}, { req: {} }],
    ['rpc', { n: 1 }, { pattern: 'x' }],
    ['ws', client, 'x', 'pattern'],
    ['telegram', { n: 1 }, () => {}],
  ])('that is no other’s is the one whom its last guard found: %s', (type, ...args) => {
    const context = call(type, ...args);
    expect(keepUser(context(), ADMIN)).toBe(true);
    expect(keepUser(context(), ADA)).toBe(true);
    expect(keptUser(context())).toBe(ADA);
  });

  it.each<[string, ...unknown[]]>([
    ['graphql', {}, {}, undefined],
    ['rpc', 'x'],
    ['ws', undefined, 'x', 'pattern'],
  ])('without an object of its own is unknown after its guard too: %s', (type, ...args) => {
    const context = call(type, ...args);
    expect(keepUser(context(), ADMIN)).toBe(true);
    expect(keptUser(context())).toBeUndefined();
    expect(mayEnter(context())).toBe(false);
  });

  it('is found in a context that an app’s test made by hand', () => {
    const args = [client, {}];
    const withoutHandler = new ExecutionContextHost(args);
    withoutHandler.setType('rpc');
    for (const made of [
      { getType: () => 'http', switchToHttp: () => ({ getRequest: () => client }) },
      { getType: () => 'rpc', getArgs: () => args },
      withoutHandler,
    ]) {
      const context = made as unknown as ExecutionContext;
      expect(keptUser(context)).toBeUndefined();
      signedInAs(ADMIN).canActivate(context);
      expect(keptUser(context)).toEqual(ADMIN);
    }
  });
});

describe('a field of a GraphQL operation', () => {
  it('has the sender that the guard found for another field', () => {
    const context = { req: {} };
    keepUser(call('graphql', {}, { first: 1 }, context, {})(), ADMIN);
    expect(keptUser(call('graphql', { parent: 1 }, {}, context, {})())).toBe(ADMIN);
    expect(keptUser(contextTo('vault', 'graphql', {}, {}, context, {}))).toBe(ADMIN);
  });

  it('has the user that Passport put on the request, unless the request became a socket', () => {
    for (const [headers, user] of [
      [{}, ADMIN],
      [{ upgrade: 'websocket' }, undefined],
    ] as const) {
      const req = new ServerRequest(headers, ADMIN);
      expect(keptUser(call('graphql', {}, {}, { req })())).toBe(user);
    }
  });
});

describe('a guard that finds the token in its own place', () => {
  it('works with the roles guard, on every transport, whatever it read', async () => {
    const app = inMemoryApp();
    const id = await app.userDirectory.add('boss', {
      claims: { username: 'boss', roles: ['admin'] },
    });
    const plainId = await app.userDirectory.add('ada', {
      claims: { username: 'ada', roles: ['user'] },
    });
    const tokenOf = async (userId: string) => (await app.auth.loginAs(userId)).accessToken;
    class Guard extends JwtAuthGuard {
      override getRequest(context: ExecutionContext) {
        const { token } = context.getArgs().find((arg) => arg?.token);
        return { headers: { authorization: `Bearer ${token}` }, user: FORGED };
      }
    }
    const guard = new Guard(app.accessStrategy, new Reflector(), {} as HttpAdapterHost);
    for (const type of ['http', 'rpc', 'ws', 'graphql', 'telegram']) {
      for (const [userId, isLetIn] of [
        [id, true],
        [plainId, false],
      ] as const) {
        const sent = { token: await tokenOf(userId), user: FORGED };
        const context = call(type, sent, { user: FORGED }, { user: FORGED });
        expect(await guard.canActivate(context())).toBe(true);
        expect(mayEnter(context())).toBe(isLetIn);
      }
    }
  });

  it.each(['rpc', 'ws', 'graphql', 'telegram'])(
    'is not needed to refuse a request without a token: %s',
    async (type) => {
      const guard = new JwtAuthGuard(
        inMemoryApp().accessStrategy,
        new Reflector(),
        {} as HttpAdapterHost,
      );
      for (const odd of [undefined, null, 'x', 7, [], { headers: null }, { headers: 'x' }]) {
        const enter = async () => guard.canActivate(call(type, odd, odd, odd)());
        expect(await codeOf(enter() as Promise<unknown>)).toBe('token_missing');
      }
    },
  );
});
