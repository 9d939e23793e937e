import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { storeCall } from '../../../src/outages/store-call.js';
import type { AppTransactions } from '../../../src/users/app-transactions.js';
import { CheckedUserDirectory } from '../../../src/users/checked-user-directory.js';
import type { DirectoryUser } from '../../../src/users/user-directory.js';
import { watchSettled } from '../../harness/watch-settled.js';
import { refusalOf } from '../in-memory-app.js';

const FOUND = { id: '7', passwordHash: 'old', disabled: false, claims: {} };
const NONE_OPEN: AppTransactions = { mayUndo: () => false, undone: () => 0 };

/** Has one user, and says that every hash was replaced. */
const directory = (
  transactions: AppTransactions | null,
  find: () => DirectoryUser = () => ({ id: '7', passwordHash: 'new' }),
) => {
  const findById = jest.fn(async () => find());
  const events: unknown[] = [];
  const users = new CheckedUserDirectory(
    { findByLogin: findById, findById, updatePasswordHash: async () => true },
    storeCall({ emit: (event) => events.push(event) }, 'user directory'),
    transactions,
  );
  return { users, findById, events };
};

describe('a user who was found', () => {
  it('is final, if the app’s transactions are on other connections', async () => {
    const { users, findById } = directory(null);
    expect(await users.settled(FOUND, '7')).toBe(FOUND);
    expect(findById).not.toHaveBeenCalled();
  });

  it('is read again, if a transaction may undo what was read', async () => {
    const { users, findById } = directory(NONE_OPEN);
    expect(await users.settled(FOUND, '7')).toMatchObject({ passwordHash: 'new' });
    expect(findById).toHaveBeenCalledTimes(1);
  });
});

describe('a directory whose connection has the app’s transactions too', () => {
  beforeEach(() => {
    jest.useFakeTimers();
    jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  it.each<[string, stored: string, isReplaced: boolean]>([
    ['the new one', 'new', true],
    ['a later one', 'later', false],
  ])('is asked once whether a replaced hash is there: it is %s', async (_what, stored, result) => {
    const { users, findById } = directory(NONE_OPEN, () => ({ id: '7', passwordHash: stored }));
    const replaced = users.replacePasswordHash(FOUND, 'new');
    await jest.advanceTimersByTimeAsync(1600);
    expect(await replaced).toBe(result);
    expect(findById).toHaveBeenCalledTimes(1);
  });

  it('that has the old hash again, after a rollback, is a failure', async () => {
    const { users } = directory(NONE_OPEN, () => ({ id: '7', passwordHash: 'old' }));
    const refusal = refusalOf(users.replacePasswordHash(FOUND, 'new'));
    await jest.advanceTimersByTimeAsync(1600);
    expect(await refusal).toMatchObject({
      code: 'store_unavailable',
      cause: { message: expect.stringContaining('was rolled back') },
    });
  });

  it('that fails is one outage, not two', async () => {
    const { users, events } = directory(NONE_OPEN, () => {
      throw new Error('Down.');
    });
    expect(await refusalOf(users.findSettled('7'))).toMatchObject({ code: 'store_unavailable' });
    expect(events).toHaveLength(1);
  });

  it('with a transaction that stays open is an outage after two and a half seconds, which says why', async () => {
    const { users, events } = directory({ ...NONE_OPEN, mayUndo: () => true });
    const refusal = refusalOf(users.findSettled('7'));
    const { isSettled } = watchSettled(refusal);
    await jest.advanceTimersByTimeAsync(2499);
    expect(isSettled()).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(isSettled()).toBe(true);
    expect(await refusal).toMatchObject({ code: 'store_unavailable', retryAfter: 1 });
    const cause = expect.stringMatching(/^StillOpenError: A transaction of the app is open/);
    expect(events).toEqual([{ type: 'store_unavailable', cause, source: 'user directory' }]);
  });
});
