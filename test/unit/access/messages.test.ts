import { createHash, randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ExecutionContext } from '@nestjs/common';
import { Reflector, type HttpAdapterHost } from '@nestjs/core';
import { describe, expect, it } from '@jest/globals';
import { JwtAuthGuard } from '../../../src/access/jwt-auth.guard.js';
import { keepUser, keptUser } from '../../../src/access/kept-user.js';
import { inMemoryApp, refusalOf } from '../in-memory-app.js';
import { ADA, ADMIN, call, client, contextTo, mayEnter } from './calls.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const of = (text: string) => call('ws', client, text, 'pattern')();

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

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

  it.each<[string, (data: object) => ExecutionContext]>([
    ['through one socket', (data) => contextTo('safe', 'ws', client, data, 'pattern')],
    ['with one context', (data) => contextTo('safe', 'rpc', data, client)],
  ])('keep their senders as long as they run, if they are objects: %s', (_how, contextOf) => {
    const running = Array.from({ length: 300 }, (_, n) => contextOf({ n }));
    for (const [i, context] of running.entries()) keepUser(context, { ...ADMIN, id: `${i}` });
    expect(running.map((context) => (keptUser(context) as { id: string }).id)).toEqual(
      running.map((_, i) => `${i}`),
    );
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

  it.each<[string, unknown, unknown, boolean]>([
    ['a session whose claims changed', ADMIN, { ...ADMIN, roles: ['user'] }, true],
    ['nobody both times', null, null, true],
    ['nobody, by either name', undefined, null, true],
    ['nobody and then somebody', null, ADMIN, false],
    ['somebody and then nobody', ADMIN, null, false],
    ['two users who say they have one session', ADMIN, { ...ADMIN, id: '8' }, false],
    ['a user without a session and with one', { ...ADMIN, sessionId: undefined }, ADMIN, false],
    ['a user with a session and without one', ADMIN, { ...ADMIN, sessionId: undefined }, false],
  ])('and are sent by %s', (_who, one, other, isOneSender) => {
    const message = call('rpc', 'x', {});
    expect(keepUser(message(), one)).toBe(true);
    expect(keepUser(message(), other)).toBe(isOneSender);
    expect(keptUser(message())).toBe(isOneSender ? other : null);
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
    const toAnother = contextTo('vault', 'rpc', 'x', shared);
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
      return guard.canActivate(call('rpc', 'x', shared)());
    };
    expect(await enter('ada')).toBe(true);
    expect(await refusalOf(enter('bob'))).toMatchObject({
      code: 'token_invalid',
      message: expect.stringMatching(/^Nobody can say who sent this message: .* Send an object\.$/),
    });
  });
});
