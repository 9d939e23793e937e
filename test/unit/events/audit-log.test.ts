import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { ConsoleLogger, Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { auditLog } from '../../../src/events/audit-log.js';
import {
  AUTH_EVENT_CHANNEL,
  AuthEvents,
  type AuthEvent,
  type AuthEventListener,
} from '../../../src/events/auth-events.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { PinoLogger } from '../../harness/pino-logger.js';

const OF_SESSION = { userId: '7', sessionId: 's', ip: null, userAgent: null };
const NO_USER = { ip: null, userAgent: null };

const choke = () => {
  throw new Error('full');
};

const CHANGED = {
  type: 'password_changed',
  userId: '7',
  sessionId: null,
  ip: '192.0.2.1',
  userAgent: null,
} as const;

const throwing = (value: unknown) => {
  throw value;
};

/** Waits long enough for every promise that will reject. */
const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve));

/** Written in this way because the linter takes it for a mistake. */
const chokingThen = ['then', { value: choke }] as const;
const unreadableThen = ['then', { get: choke }] as const;

const REFUSED = {
  type: 'refused',
  code: 'token_invalid',
  where: 'Office.desk',
  userId: null,
  sessionId: null,
  username: null,
  suppressed: 0,
  ...NO_USER,
} as const;

describe('events:', () => {
  let lines: [level: string, line: string][];

  beforeEach(() => {
    lines = [];
    for (const level of ['log', 'warn', 'error'] as const) {
      jest.spyOn(Logger.prototype, level).mockImplementation((line: unknown) => {
        lines.push([level, String(line)]);
      });
    }
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  describe('the audit log', () => {
    it.each<[string, Omit<AuthEvent, 'at'>, string]>([
      [
        'log',
        { type: 'login_succeeded', ...OF_SESSION } as AuthEvent,
        'login_succeeded {"userId":"7","sessionId":"s","ip":null,"userAgent":null}',
      ],
      [
        'log',
        { type: 'password_changed', userId: '7' } as AuthEvent,
        'password_changed {"userId":"7"}',
      ],
      [
        'warn',
        { type: 'login_failed', username: 'ada', userId: null, ...NO_USER } as AuthEvent,
        'login_failed {"username":"ada","userId":null,"ip":null,"userAgent":null}',
      ],
      [
        'warn',
        { type: 'reuse_detected', generation: 1, currentGeneration: 2 } as AuthEvent,
        'reuse_detected {"generation":1,"currentGeneration":2}',
      ],
      [
        'warn',
        REFUSED as unknown as AuthEvent,
        'refused {"code":"token_invalid","where":"Office.desk","userId":null,"sessionId":null,"username":null,"suppressed":0,"ip":null,"userAgent":null}',
      ],
      [
        'error',
        { type: 'store_unavailable', cause: 'x', source: 'session store' } as AuthEvent,
        'store_unavailable {"cause":"x","source":"session store"}',
      ],
    ])('writes a line at the level %s', (level, event, line) => {
      auditLog()({ ...event, at: 1000 } as AuthEvent);
      expect(lines).toEqual([[level, line]]);
    });

    it.each(['rotated', 'renewed', 'replayed'] as const)('writes nothing about %s', (type) => {
      auditLog()({ type, at: 1000, generation: 1, ...OF_SESSION });
      expect(lines).toEqual([]);
    });

    it('writes one line every ten seconds about a store that is down', () => {
      const write = auditLog();
      const source = 'session store';
      const at = (ms: number) =>
        write({ type: 'store_unavailable', cause: `at ${ms}`, source, at: ms });
      for (const ms of [5000, 5001, 14_999, 15_000, 15_001, 25_000]) at(ms);
      expect(lines.map(([, line]) => /at \d+/.exec(line)![0])).toEqual([
        'at 5000',
        'at 15000',
        'at 25000',
      ]);
    });

    it('writes of a directory that is down, too, while the store is', () => {
      const write = auditLog();
      for (const source of ['session store', 'user directory', 'limiter', 'limiter'] as const) {
        write({ type: 'store_unavailable', cause: source, source, at: 5000 });
      }
      expect(lines.map(([, line]) => /"source":"([^"]+)"/.exec(line)![1])).toEqual([
        'session store',
        'user directory',
        'limiter',
      ]);
    });

    it('shows what a client put into a name as text, never as a line or a command', () => {
      const username = 'a\nb\u001b[31m\u202eevil\u2028c\u{e0041}\u007f';
      auditLog()({ type: 'login_failed', at: 1, username, userId: null, ...NO_USER });
      expect(lines[0]![1]).toContain(
        '"username":"a<U+000A>b<U+001B>[31m<U+202E>evil<U+2028>c<U+E0041><U+007F>"',
      );
    });

    it('has the same text in the fields, those of the other client too', () => {
      const client = { ip: '192.0.2.1', userAgent: 'a\nb' };
      auditLog()({
        type: 'reuse_detected',
        at: 1,
        lastRefresh: client,
        ...OF_SESSION,
      } as AuthEvent);
      const [[record]] = jest.mocked(Logger.prototype.warn).mock.calls as [[unknown]];
      expect(JSON.parse(JSON.stringify(record))).toEqual({
        msg: 'reuse_detected',
        event: 'reuse_detected',
        lastRefresh: { ...client, userAgent: 'a<U+000A>b' },
        ...OF_SESSION,
      });
    });

    it.each([
      ['log', { type: 'login_succeeded', ...OF_SESSION }],
      ['warn', { type: 'login_failed', username: 'ada', userId: null, ...NO_USER }],
      ['error', { type: 'store_unavailable', cause: 'x', source: 'limiter' }],
    ] as const)(
      'is a record of pino with the fields of the event, at the level %s',
      (level, event) => {
        jest.restoreAllMocks();
        const written: string[] = [];
        Logger.overrideLogger(new PinoLogger((line) => written.push(line)));
        auditLog()({ ...event, at: 1 } as AuthEvent);
        Logger.overrideLogger(new ConsoleLogger());
        const { type, ...fields } = event;
        expect(written.map((line) => JSON.parse(line))).toEqual([
          {
            time: expect.any(Number),
            pid: process.pid,
            hostname: expect.any(String),
            level: { log: 30, warn: 40, error: 50 }[level],
            context: 'AuthAudit',
            msg: type,
            event: type,
            ...fields,
          },
        ]);
      },
    );

    it('uses its own logger name', () => {
      const log = jest.spyOn(Logger.prototype, 'log').mockImplementation(function (this: Logger) {
        lines.push(['context', (this as unknown as { context: string }).context]);
      });
      auditLog()({ ...CHANGED, at: 1 });
      expect(log).toHaveBeenCalledTimes(1);
      expect(lines).toEqual([['context', 'AuthAudit']]);
    });
  });

  describe('an event', () => {
    const clock = new FakeClock();
    const event = CHANGED;

    it('is passed to the listener, with the time', () => {
      const received: AuthEvent[] = [];
      new AuthEvents((one) => void received.push(one), clock).emit(event);
      expect(received).toEqual([{ ...event, at: clock.now() }]);
    });

    it('is published on the diagnostics channel', () => {
      const published: unknown[] = [];
      const listen = (message: unknown) => void published.push(message);
      subscribe(AUTH_EVENT_CHANNEL, listen);
      new AuthEvents(() => {}, clock).emit(event);
      unsubscribe(AUTH_EVENT_CHANNEL, listen);
      new AuthEvents(() => {}, clock).emit(event);
      expect(published).toEqual([{ ...event, at: clock.now() }]);
      expect(AUTH_EVENT_CHANNEL).toBe('nestjs-refresh-auth');
    });

    it('on which the listener throws changes nothing, and is logged', () => {
      expect(() => new AuthEvents(choke, clock).emit(event)).not.toThrow();
      expect(lines).toEqual([['error', 'The listener failed on password_changed: Error: full']]);
      expect(jest.mocked(Logger.prototype.error).mock.contexts).toMatchObject([
        { context: 'AuthModule' },
      ]);
    });

    it('changes nothing where the logger fails as well', () => {
      jest.mocked(Logger.prototype.error).mockImplementation(choke);
      expect(() => new AuthEvents(choke, clock).emit(event)).not.toThrow();
    });

    it.each<[string, () => unknown, string]>([
      ['rejects', () => Promise.reject(new Error('full')), 'Error: full'],
      ['rejects later', async () => nextTurn().then(choke), 'Error: full'],
      ['rejects with nothing', () => Promise.reject(undefined), 'undefined'],
      [
        'rejects with what has no text',
        () => Promise.reject(Object.create(null)),
        'a value that has no text',
      ],
      ['throws what has no text', () => throwing(Object.create(null)), 'a value that has no text'],
      [
        'returns a thenable that rejects',
        () => Object.defineProperty({}, ...chokingThen),
        'Error: full',
      ],
      [
        'returns a thenable that can not be read',
        () => Object.defineProperty({}, ...unreadableThen),
        'Error: full',
      ],
    ])('whose listener %s is logged, and the process continues', async (_how, listener, text) => {
      const unhandled: unknown[] = [];
      const listen = (reason: unknown) => void unhandled.push(reason);
      process.on('unhandledRejection', listen);
      new AuthEvents(listener as AuthEventListener, clock).emit(event);
      for (let i = 0; i < 5; i += 1) await nextTurn();
      process.off('unhandledRejection', listen);
      expect(lines).toEqual([['error', `The listener failed on password_changed: ${text}`]]);
      expect(unhandled).toEqual([]);
    });

    it('is not waited for, and a listener that never finishes misses events instead of filling the memory', async () => {
      const unfinished: (() => void)[] = [];
      const received: AuthEvent[] = [];
      const events = new AuthEvents((one) => {
        received.push(one);
        return new Promise((resolve) => void unfinished.push(resolve));
      }, clock);
      for (let i = 0; i < 10_007; i += 1) events.emit(event);
      expect(received).toHaveLength(10_000);
      expect(lines).toEqual([['error', expect.stringContaining('10000 events unfinished')]]);
      for (const finish of unfinished.splice(0, 4999)) finish();
      await nextTurn();
      expect(lines).toHaveLength(1);
      unfinished.pop()!();
      await nextTurn();
      expect(lines.slice(1)).toEqual([['error', 'The listener has missed 7 events.']]);
      events.emit(event);
      expect(received).toHaveLength(10_001);
    });

    it.each([undefined, null, true])(
      'is never missed by a listener that returns %s, however many come at once',
      (result) => {
        let received = 0;
        const listener = () => {
          received += 1;
          return result;
        };
        const events = new AuthEvents(listener as () => void, clock);
        for (let i = 0; i < 10_007; i += 1) events.emit(event);
        expect(received).toBe(10_007);
        expect(lines).toEqual([]);
      },
    );
  });
});
