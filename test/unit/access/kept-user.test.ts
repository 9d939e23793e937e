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

/** Each step of a call has a context of its own, made of a copy of the same arguments. */
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
])('who sent %s', (_what, aCall) => {
  it('is nobody, until a guard finds out, and then whom it found', () => {
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

  it('is whom a test says', () => {
    const context = aCall();
    signedInAs(ADMIN).canActivate(context());
    expect(keptUser(context())).toEqual(ADMIN);
  });
});

describe('messages of one connection', () => {
  it('are each of their own sender, also while several are under way', () => {
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

  it('are not remembered without end', () => {
    const texts = Array.from({ length: 300 }, (_, i) => `text ${i}`);
    for (const text of texts) keepUser(call('ws', client, text, 'pattern')(), ADMIN);
    const kept = texts.filter((text) => keptUser(call('ws', client, text, 'pattern')()));
    expect(kept).toHaveLength(256);
  });

  it('are told apart by a digest where they are long, and keep no text', () => {
    const long = 'x'.repeat(300);
    const digest = createHash('sha256').update(long, 'utf16le').digest('base64');
    const texts = [long, `${long}x`, `${long}\ud800`, `${long}\ud801`, digest, `digest ${digest}`];
    for (const [i, text] of texts.entries()) keepUser(of(text), { ...ADMIN, id: `${i}` });
    expect(texts.map((text) => (keptUser(of(text)) as { id: string }).id)).toEqual([...'012345']);
  });

  it('leave nothing of their length behind', async () => {
    const connection = { headers: {} };
    const before = heapUsed();
    for (let i = 0; i < 64; i += 1) {
      keepUser(call('ws', connection, `${i}${randomBytes(250_000).toString('hex')}`, 'p')(), ADMIN);
    }
    // What a weak reference was made of lives for one turn more.
    await nextTurn();
    expect(heapUsed() - before).toBeLessThan(8_000_000);
    expect(connection.headers).toEqual({});
  });

  it('with a context that all share are told apart by their payload', () => {
    const shared = {};
    keepUser(call('rpc', { n: 1 }, shared)(), ADMIN);
    expect(keptUser(call('rpc', { n: 1 }, shared)())).toBeUndefined();
  });
});

describe('messages that a transport gives one context, with payloads that are no objects', () => {
  const ADA = { id: '8', sessionId: 't', roles: ['user'] };

  it.each([['x'], [7], [undefined], [null], [true], [10n]])(
    'and are equal, such as %p, are nobody’s once they came from two senders',
    (payload) => {
      const shared = {};
      const message = call('rpc', payload, shared);
      const first = message();
      expect(keepUser(first, ADMIN)).toBe(true);
      expect(keptUser(message())).toBe(ADMIN);
      expect(keepUser(message(), ADA)).toBe(false);
      // The first one's handler may ask only now.
      expect(keptUser(first)).toBeNull();
      expect(mayEnter(message())).toBe(false);
      expect(keepUser(message(), ADMIN)).toBe(false);
      expect(keptUser(message())).toBeNull();
    },
  );

  it('are the sender’s, where it is one', () => {
    const message = call('rpc', 'x', {});
    expect(keepUser(message(), ADMIN)).toBe(true);
    expect(keepUser(message(), { ...ADMIN })).toBe(true);
    expect(keptUser(message())).toEqual(ADMIN);
  });

  it('are one user’s, of two devices, unless these have different claims', () => {
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

  it('are told apart by payload, and users without a session by what they are', () => {
    const shared = {};
    expect(keepUser(call('rpc', 'x', shared)(), ADMIN)).toBe(true);
    expect(keepUser(call('rpc', 'y', shared)(), ADA)).toBe(true);
    expect(keptUser(call('rpc', 'x', shared)())).toBe(ADMIN);
    expect(keepUser(call('rpc', 'z', shared)(), { name: 'one' })).toBe(true);
    expect(keepUser(call('rpc', 'z', shared)(), { name: 'other' })).toBe(false);
  });

  it('may be looked at by several guards of one call, the last of which counts', () => {
    const context = call('rpc', 'x', {})();
    expect(keepUser(context, null)).toBe(true);
    expect(keepUser(context, ADMIN)).toBe(true);
    expect(keptUser(context)).toBe(ADMIN);
  });

  it('say nothing to a handler without a guard of who sent one to another handler', () => {
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
    const asked = async (name: string) => {
      shared.token = (await app.loggedIn(name)).accessToken;
      return codeOf(Promise.resolve(guard.canActivate(call('rpc', 'x', shared)())));
    };
    expect(await asked('ada')).toBe('in');
    expect(await asked('bob')).toBe('token_invalid');
  });
});

describe('a field of a GraphQL operation', () => {
  it('is of the sender that the guard found for another field', () => {
    const context = { req: {} };
    keepUser(call('graphql', {}, { first: 1 }, context, {})(), ADMIN);
    expect(keptUser(call('graphql', { parent: 1 }, {}, context, {})())).toBe(ADMIN);
  });

  it('is of whom Passport put on the request, unless that became a socket', () => {
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

describe('a guard with a place of its own for the token', () => {
  it('is followed by the roles, whatever the transport, and whatever it looked at', async () => {
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
    'is not needed to be refused without a token: %s',
    async (type) => {
      const guard = new JwtAuthGuard(
        inMemoryApp().accessStrategy,
        new Reflector(),
        {} as HttpAdapterHost,
      );
      for (const odd of [undefined, null, 'x', 7, [], { headers: null }, { headers: 'x' }]) {
        const asked = async () => guard.canActivate(call(type, odd, odd, odd)());
        expect(await codeOf(asked() as Promise<unknown>)).toBe('token_missing');
      }
    },
  );
});
