import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { storeCall } from '../../../src/outages/store-call.js';
import { CheckedUserDirectory } from '../../../src/users/checked-user-directory.js';
import { watchSettled } from '../../harness/watch-settled.js';
import { refusalOf } from '../in-memory-app.js';
import { callDirectly } from './directories.js';

/** Has users with these names, which are their ids too. */
const having = (...names: string[]) => {
  const queried: string[] = [];
  const findByLogin = async (login: string) => {
    queried.push(login);
    return names.includes(login) ? { id: login, passwordHash: null } : null;
  };
  const directory = { findByLogin, findById: async () => null };
  return { users: new CheckedUserDirectory(directory, callDirectly), queried };
};

describe('a name at login', () => {
  it.each<[string, names: string[], login: string, id: string | undefined, queries: string[]]>([
    ['as typed', ['Ada'], 'Ada', 'Ada', ['Ada', 'ada']],
    ['in small letters', ['ada'], 'Ada', 'ada', ['Ada', 'ada']],
    ['as typed, if both are there', ['ada', 'Ada'], 'Ada', 'Ada', ['Ada', 'ada']],
    [
      'with composed letters',
      ['ren\u00e9'],
      'rene\u0301',
      'ren\u00e9',
      ['rene\u0301', 'ren\u00e9'],
    ],
    ['with one query, if it has one form', ['ada'], 'ada', 'ada', ['ada']],
    ['in no other form', ['ADA'], 'Ada', undefined, ['Ada', 'ada']],
  ])('is found %s', async (_what, names, login, id, queries) => {
    const { users, queried } = having(...names);
    expect((await users.findByLogin(login))?.id).toBe(id);
    expect(queried).toEqual(queries);
  });
});

/** Takes this many seconds for each response. */
const slow = (seconds: number) => {
  const queried: string[] = [];
  const findByLogin = async (login: string) => {
    queried.push(login);
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    return null;
  };
  const events: unknown[] = [];
  const callStore = storeCall({ emit: (event) => events.push(event) });
  const users = new CheckedUserDirectory({ findByLogin, findById: async () => null }, callStore);
  return { users, queried, events };
};

describe('names that look the same', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  it.each<[string, names: string[], name: string, boolean]>([
    ['the name in small letters', ['ada'], 'Ada', true],
    ['the Latin name that a Cyrillic one looks like', ['capa'], 'сара', true],
    ['only the name itself', ['ada'], 'ada', false],
    ['another name', ['eve'], 'Ada', false],
  ])('are taken or not, if a user has %s', async (_what, names, name, isTaken) => {
    expect(await having(...names).users.hasLookalike(name)).toBe(isTaken);
  });

  it('are queried at once, however many there are', async () => {
    const { users, queried } = slow(3);
    const found = users.hasLookalike('hyiboek@example.com');
    const { isSettled } = watchSettled(found);
    await jest.advanceTimersByTimeAsync(3001);
    expect(isSettled()).toBe(true);
    expect(await found).toBe(false);
    expect(queried.length).toBeGreaterThan(2);
    expect(queried.length).toBeLessThanOrEqual(8);
  });

  it('are queried within the time of one call, with one event if it fails', async () => {
    const { users, events } = slow(60);
    const refusal = refusalOf(users.hasLookalike('hyiboek@example.com'));
    await jest.advanceTimersByTimeAsync(4001);
    expect(await refusal).toMatchObject({ code: 'store_unavailable' });
    expect(events).toHaveLength(1);
  });
});
