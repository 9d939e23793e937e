import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector, type HttpAdapterHost } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from '@jest/globals';
import { JwtAuthGuard } from '../../../src/access/jwt-auth.guard.js';
import { keepUser, keptUser } from '../../../src/access/kept-user.js';
import { Roles } from '../../../src/access/roles.decorator.js';
import { RolesGuard } from '../../../src/access/roles.guard.js';
import { signedInAs } from '../../../src/testing/signed-in-as.js';
import { inMemoryApp, codeOf } from '../in-memory-app.js';

class Office {
  @Roles('admin')
  safe() {}

  @Roles('admin')
  vault() {}
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const of = (text: string) => call('ws', client, text, 'pattern')();

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

const FORGED = { id: '1', roles: ['admin'] };
const ADMIN = { id: '7', sessionId: 's', roles: ['admin'] };

/** Each step of a call has its own context, with a copy of the same arguments. */
function call(type: string, ...args: unknown[]): () => ExecutionContext {
  return () => {
    const context = new ExecutionContextHost([...args], Office, Office.prototype.safe);
    context.setType(type);
    return context;
  };
}

const mayEnter = (context: ExecutionContext) => {
  try {
    return new RolesGuard(new Reflector()).canActivate(context);
  } catch {
    return false;
  }
};

const client = { user: FORGED, headers: {} };

describe.each<[string, () => () => ExecutionContext]>([
  ['a message with a context', () => call('rpc', { user: FORGED }, { pattern: 'x' })],
  ['a message of text', () => call('rpc', 'admin', { pattern: 'x' })],
  ['a message without a context', () => call('rpc', { user: FORGED })],
  ['a message in a stream', () => call('rpc', {}, { metadata: 1 }, { call: 1 })],
  ['a message through a socket', () => call('ws', client, { user: FORGED }, 'pattern')],
  ['a text through a socket', () => call('ws', client, 'x', 'pattern')],
  ['nothing through a socket', () => call('ws', client, undefined, () => {}, 'pattern')],
  ['an operation of GraphQL', () => call('graphql', {}, {}, { req: { user: FORGED } }, {})],
  ['an operation of GraphQL without a request', () => call('graphql', {}, {}, { user: FORGED })],
  ['a call of another kind', () => call('telegram', { user: FORGED }, () => {})],
  ['what passes for HTTP and is a message', () => call('http', { user: FORGED, headers: {} })],
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

describe('messages of one connection', () => {
  it('have their own senders, even if several run at once', () => {
    const messages = ['a', 'b', 'c'].map((text) => call('ws', client, text, 'pattern'));
    for (const [i, message] of messages.entries()) keepUser(message(), { ...ADMIN, id: `${i}` });
    expect(messages.map((message) => (keptUser(message()) as { id: string }).id)).toEqual([
      '0',
      '1',
      '2',
    ]);
    expect(keptUser(call('ws', client, 'd', 'pattern')())).toBeUndefined();
    expect(keptUser(call('ws', client, 'a', 'another')())).toBeUndefined();
  });

  it('are not remembered forever', () => {
    const texts = Array.from({ length: 300 }, (_, i) => `text ${i}`);
    for (const text of texts) keepUser(call('ws', client, text, 'pattern')(), ADMIN);
    const kept = texts.filter((text) => keptUser(call('ws', client, text, 'pattern')()));
    expect(kept).toHaveLength(256);
  });

  it('are identified by a digest if they are long, without keeping their text', () => {
    const long = 'x'.repeat(300);
    const digest = createHash('sha256').update(long, 'utf16le').digest('base64');
    const texts = [long, `${long}x`, `${long}\ud800`, `${long}\ud801`, digest, `digest ${digest}`];
    for (const [i, text] of texts.entries()) keepUser(of(text), { ...ADMIN, id: `${i}` });
    expect(texts.map((text) => (keptUser(of(text)) as { id: string }).id)).toEqual([...'012345']);
  });

  it('are forgotten with their length too', async () => {
    const connection = { headers: {} };
    const before = heapUsed();
    for (let i = 0; i < 64; i += 1) {
      keepUser(call('ws', connection, `${i}${randomBytes(250_000).toString('hex')}`, 'p')(), ADMIN);
    }
    // The target of a new weak reference lives for one more turn.
    await nextTurn();
    expect(heapUsed() - before).toBeLessThan(8_000_000);
    expect(connection.headers).toEqual({});
  });

  it('with a shared context are distinguished by their payload', () => {
    const shared = {};
    keepUser(call('rpc', { n: 1 }, shared)(), ADMIN);
    expect(keptUser(call('rpc', { n: 1 }, shared)())).toBeUndefined();
  });
});

describe('messages that a transport gives one context, with payloads that are no objects', () => {
  const ADA = { id: '8', sessionId: 't', roles: ['user'] };

  it.each([['x'], [7], [undefined], [null], [true], [10n]])(
    'and are equal, for example %p, have no user once two senders sent them',
    (payload) => {
      const shared = {};
      const message = call('rpc', payload, shared);
      const first = message();
      expect(keepUser(first, ADMIN)).toBe(true);
      expect(keptUser(message())).toBe(ADMIN);
      expect(keepUser(message(), ADA)).toBe(false);
      // The handler of the first message may read its user only now.
      expect(keptUser(first)).toBeNull();
      expect(mayEnter(message())).toBe(false);
      expect(keepUser(message(), ADMIN)).toBe(false);
      expect(keptUser(message())).toBeNull();
    },
  );

  it('belong to their sender, if there is only one', () => {
    const message = call('rpc', 'x', {});
    expect(keepUser(message(), ADMIN)).toBe(true);
    expect(keepUser(message(), { ...ADMIN })).toBe(true);
    expect(keptUser(message())).toEqual(ADMIN);
  });

  it('belong to one user with two devices, unless these have different claims', () => {
    const message = call('rpc', 'x', {});
    for (const sessionId of ['s', 't', 's']) {
      const user = { ...ADMIN, roles: [...ADMIN.roles], sessionId };
      expect(keepUser(message(), user)).toBe(true);
      expect(keptUser(message())).toBe(user);
    }
    expect(keepUser(message(), { ...ADMIN, sessionId: 'u', roles: ['user'] })).toBe(false);
    const odd = call('rpc', 'y', {});
    expect(keepUser(odd(), { id: '7', sessionId: 's' })).toBe(true);
    expect(keepUser(odd(), { id: '7' })).toBe(false);
  });

  it('are distinguished by payload, and users without a session by their content', () => {
    const shared = {};
    expect(keepUser(call('rpc', 'x', shared)(), ADMIN)).toBe(true);
    expect(keepUser(call('rpc', 'y', shared)(), ADA)).toBe(true);
    expect(keptUser(call('rpc', 'x', shared)())).toBe(ADMIN);
    expect(keepUser(call('rpc', 'z', shared)(), { name: 'one' })).toBe(true);
    expect(keepUser(call('rpc', 'z', shared)(), { name: 'other' })).toBe(false);
  });

  it('may pass several guards in one call, of which the last counts', () => {
    const context = call('rpc', 'x', {})();
    expect(keepUser(context, null)).toBe(true);
    expect(keepUser(context, ADMIN)).toBe(true);
    expect(keptUser(context)).toBe(ADMIN);
  });

  it('don’t give a handler without a guard the sender of another handler’s message', () => {
    const shared = {};
    keepUser(call('rpc', 'x', shared)(), ADMIN);
    const toAnother = new ExecutionContextHost(['x', shared], Office, Office.prototype.vault);
    toAnother.setType('rpc');
    expect(keptUser(toAnother)).toBeUndefined();
    expect(mayEnter(toAnother)).toBe(false);
  });

  it('are refused by the guard', async () => {
    const app = inMemoryApp();
    const shared = { token: '' };
    class Guard extends JwtAuthGuard {
      override getRequest() {
        return { headers: { authorization: `Bearer ${shared.token}` } };
      }
    }
    const guard = new Guard(app.accessStrategy, new Reflector(), {} as HttpAdapterHost);
    const enter = async (name: string) => {
      shared.token = (await app.loggedIn(name)).accessToken;
      return codeOf(Promise.resolve(guard.canActivate(call('rpc', 'x', shared)())));
    };
    expect(await enter('ada')).toBe('in');
    expect(await enter('bob')).toBe('token_invalid');
  });
});

describe('a field of a GraphQL operation', () => {
  it('has the sender that the guard found for another field', () => {
    const context = { req: {} };
    keepUser(call('graphql', {}, { first: 1 }, context, {})(), ADMIN);
    expect(keptUser(call('graphql', { parent: 1 }, {}, context, {})())).toBe(ADMIN);
  });

  it('has the user that Passport put on the request, unless the request became a socket', () => {
    class ServerRequest {
      user = ADMIN;

      constructor(readonly headers: object) {}
    }
    const by = (headers: object) =>
      keptUser(call('graphql', {}, {}, { req: new ServerRequest(headers) })());
    expect(by({})).toBe(ADMIN);
    expect(by({ upgrade: 'websocket' })).toBeUndefined();
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
