import { HttpException, InternalServerErrorException } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuthError } from '../../../src/errors/auth-error.js';
import { AuthEvents, type AuthEvent } from '../../../src/events/auth-events.js';
import { storeCall, type StoreCall } from '../../../src/outages/store-call.js';
import { guardedStore } from '../../../src/sessions/guarded-store.js';
import type { RefreshTokenStore } from '../../../src/sessions/refresh-token-store.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { refusalOf } from '../in-memory-app.js';

const never = () => new Promise<never>(() => {});

/** Whether a call is given up within a time. */
async function isGivenUpWithin(ms: number, call: Promise<unknown>): Promise<boolean> {
  let isGivenUp = false;
  call.catch(() => (isGivenUp = true));
  await jest.advanceTimersByTimeAsync(ms);
  return isGivenUp;
}

describe('time limits:', () => {
  let events: AuthEvent[];
  let callStore: StoreCall;

  beforeEach(() => {
    jest.useFakeTimers();
    events = [];
    callStore = storeCall(new AuthEvents((event) => void events.push(event), new FakeClock()));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  describe('a database call', () => {
    it('returns the database’s result, and leaves no timer behind', async () => {
      expect(await callStore(async () => 'a response')).toBe('a response');
      expect(jest.getTimerCount()).toBe(0);
      expect(events).toEqual([]);
    });

    it('that fails is a 503, and an event has the cause', async () => {
      const cause = new Error('connection refused');
      const refusal = await refusalOf(callStore(() => Promise.reject(cause)));
      expect(refusal).toMatchObject({ code: 'store_unavailable', cause });
      expect(events).toMatchObject([
        {
          type: 'store_unavailable',
          cause: 'Error: connection refused',
          source: 'session store',
        },
      ]);
      expect(jest.getTimerCount()).toBe(0);
    });

    it.each(['session store', 'user directory', 'limiter'] as const)(
      'that fails is reported with what was called: the %s',
      async (source) => {
        const listener = new AuthEvents((event) => void events.push(event), new FakeClock());
        const call = storeCall(listener, source);
        const refusal = await refusalOf(call(() => Promise.reject(new Error('down'))));
        expect(events).toMatchObject([{ type: 'store_unavailable', source }]);
        expect(refusal.message).toContain(`The ${source} does not answer`);
      },
    );

    it('that hangs is a 503 after four seconds', async () => {
      const call = callStore(never);
      expect(await isGivenUpWithin(3999, call)).toBe(false);
      expect(await isGivenUpWithin(1, call)).toBe(true);
      expect(events).toMatchObject([
        { type: 'store_unavailable', cause: 'Error: No response within 4000 ms.' },
      ]);
    });

    it('that is refused by an AuthError below 500 ends with that error', async () => {
      const refusal = new AuthError('username_taken', 'taken');
      await expect(callStore(() => Promise.reject(refusal))).rejects.toBe(refusal);
      expect(events).toEqual([]);
    });

    it.each(['misconfigured', 'busy'] as const)(
      'that throws an AuthError from 500 up is an outage: %s',
      async (code) => {
        const failure = new AuthError(code, 'thrown by the store');
        const refusal = await refusalOf(callStore(() => Promise.reject(failure)));
        expect(refusal).toMatchObject({ code: 'store_unavailable', cause: failure });
        expect(events).toMatchObject([{ type: 'store_unavailable' }]);
      },
    );

    it.each([200, 302, 404, 409, 499, 599, NaN])(
      'that ends with an exception of Nest is a 503, whatever status it has: %d',
      async (status) => {
        const refusal = await refusalOf(
          callStore(() => Promise.reject(new HttpException('x', status))),
        );
        expect(refusal).toMatchObject({ code: 'store_unavailable', retryAfter: 1 });
        expect(events).toMatchObject([{ type: 'store_unavailable', cause: 'HttpException: x' }]);
      },
    );

    it('that throws the app’s 500 is a 503 like any other failure, with its cause', async () => {
      const cause = new Error('disk full');
      const failure = new InternalServerErrorException('Oops', { cause });
      const refusal = await refusalOf(callStore(() => Promise.reject(failure)));
      expect(refusal).toMatchObject({ code: 'store_unavailable', cause });
      expect(events).toMatchObject([{ cause: 'Error: disk full' }]);
    });
  });

  describe('every store call', () => {
    const hanging = new Proxy({} as RefreshTokenStore, { get: () => never });
    const target = { userId: '7' };
    const queries: [string, (store: RefreshTokenStore) => Promise<unknown>][] = [
      ['insert', (store) => store.insert({} as never)],
      ['rotate', (store) => store.rotate({} as never)],
      ['find', (store) => store.find('x')],
      ['listActive', (store) => store.listActive('x', 0, 1)],
      ['revoke', (store) => store.revoke(target, 'logout', 0)],
      ['revoke of everything', (store) => store.revoke('everything', 'everything', 0)],
      ['revokedSince', (store) => store.revokedSince(0)],
      ['deleteEnded', (store) => store.deleteEnded(0, 1)],
    ];

    it.each(queries)('times out after four seconds: %s', async (_name, call) => {
      const pending = call(guardedStore(hanging, callStore));
      expect(await isGivenUpWithin(3999, pending)).toBe(false);
      expect(await isGivenUpWithin(1, pending)).toBe(true);
    });

    it('is passed on with its arguments', async () => {
      const calls: unknown[] = [];
      const responses: Record<string, unknown> = {
        listActive: [],
        revoke: 0,
        revokedSince: [],
        deleteEnded: { found: 0, deleted: 0 },
      };
      const listening = new Proxy({} as RefreshTokenStore, {
        get:
          (_target, name) =>
          async (...given: unknown[]) => {
            calls.push([name, ...given]);
            return responses[String(name)];
          },
      });
      const store = guardedStore(listening, callStore);
      await store.listActive('7', 1, 5);
      await store.revoke(target, 'logout', 2);
      await store.revokedSince(3);
      await store.deleteEnded(5, 6);
      expect(calls).toEqual([
        ['listActive', '7', 1, 5],
        ['revoke', target, 'logout', 2],
        ['revokedSince', 3],
        ['deleteEnded', 5, 6],
      ]);
    });

    it('returns the store’s result', async () => {
      const store = guardedStore(new MemoryRefreshTokenStore(), callStore);
      expect(await store.find('nobody')).toBeNull();
      expect(await store.revokedSince(0)).toEqual([]);
      expect(await store.deleteEnded(0, 1)).toEqual({ found: 0, deleted: 0 });
    });
  });
});
