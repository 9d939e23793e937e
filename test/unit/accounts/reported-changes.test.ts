import { describe, expect, it } from '@jest/globals';
import { ReportedChanges } from '../../../src/accounts/reported-changes.js';

/** As many users as are remembered. */
const users = Array.from({ length: 1000 }, (_, i) => `user ${i}`);

describe('a change of password', () => {
  it('is reported once, until the next one', () => {
    const changes = new ReportedChanges();
    const reports = ['one', 'one', 'other', 'other', 'one'].map((hash) => changes.isNew('7', hash));
    expect(reports).toEqual([true, false, true, false, true]);
  });

  it('is remembered for a thousand users, and not for those who changed before them', () => {
    const changes = new ReportedChanges();
    for (const user of users) changes.isNew(user, 'hash');
    expect(users.filter((user) => changes.isNew(user, 'hash'))).toEqual([]);
    expect(changes.isNew('one more', 'hash')).toBe(true);
    expect(changes.isNew('user 1', 'hash')).toBe(false);
    expect(changes.isNew('user 0', 'hash')).toBe(true);
  });
});
