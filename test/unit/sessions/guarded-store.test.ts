import { Logger } from '@nestjs/common';
import { describe, expect, it, jest } from '@jest/globals';
import { guardedStore } from '../../../src/sessions/guarded-store.js';
import type { RefreshTokenStore } from '../../../src/sessions/refresh-token-store.js';
import { StoreFault } from '../../../src/sessions/store-results.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';

const OPTIONAL = ['forgetDevices', 'devicesForgottenAt', 'keepTime', 'keptTime'] as const;
const callDirectly = <T>(call: () => Promise<T>) => call();

describe('a store whose results are checked', () => {
  it('has what is optional as far as the app’s store has it', () => {
    const all = guardedStore(new MemoryRefreshTokenStore(), callDirectly);
    expect(OPTIONAL.filter((name) => all[name] !== undefined)).toEqual(OPTIONAL);
    const none = guardedStore({} as RefreshTokenStore, callDirectly);
    expect(OPTIONAL.filter((name) => name in none)).toEqual([]);
  });

  it('passes on what is optional', async () => {
    const own = new MemoryRefreshTokenStore();
    const store = guardedStore(own, callDirectly);
    await store.forgetDevices!(5);
    await store.keepTime!(7);
    expect([await own.devicesForgottenAt(), await own.keptTime()]).toEqual([5, 7]);
    expect([await store.devicesForgottenAt!(), await store.keptTime!()]).toEqual([5, 7]);
  });

  it('passes on a failure as it is', async () => {
    const failure = new Error('connection lost');
    const own = { keepTime: () => Promise.reject(failure) } as object as RefreshTokenStore;
    await expect(guardedStore(own, callDirectly).keepTime!(7)).rejects.toBe(failure);
  });

  it.each<[string, keyof RefreshTokenStore, unknown, string]>([
    ['no session', 'find', undefined, 'find() returned undefined in place of a session or null'],
    ['null in a list', 'listActive', [null], 'listActive() returned null in place of a session'],
    [
      'null for a slice',
      'deleteEnded',
      null,
      'deleteEnded() returned null in place of how many it found and deleted',
    ],
  ])(
    'names a result that breaks the contract, and logs it: %s',
    async (_what, name, result, says) => {
      const logged: unknown[] = [];
      const error = jest
        .spyOn(Logger.prototype, 'error')
        .mockImplementation((sentence: unknown) => void logged.push(sentence));
      const own = { [name]: async () => result } as object as RefreshTokenStore;
      const method = guardedStore(own, callDirectly)[name] as () => Promise<unknown>;
      const fault: unknown = await method().catch((thrown: unknown) => thrown);
      expect(fault).toBeInstanceOf(StoreFault);
      expect(String(fault)).toContain(`StoreFault: RefreshTokenStore.${says}`);
      expect(logged).toEqual([expect.stringMatching(/This becomes a 503\.$/)]);
      error.mockRestore();
    },
  );

  it('says nothing of its own about a model that fails when it is read', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const model = {
      get id(): string {
        throw new Error('not loaded');
      },
    };
    const own = { find: async () => model } as object as RefreshTokenStore;
    await expect(guardedStore(own, callDirectly).find('x')).rejects.toThrow('not loaded');
    expect(error).not.toHaveBeenCalled();
    error.mockRestore();
  });
});
