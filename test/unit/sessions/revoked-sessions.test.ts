import { describe, expect, it } from '@jest/globals';
import { RevokedSessions } from '../../../src/sessions/revoked-sessions.js';

describe('the set of ended sessions', () => {
  it('keeps its entries as long as before if the clock is set ahead', () => {
    const revoked = new RevokedSessions(100);
    revoked.add('one', 0);
    revoked.keepLonger(50, 120);
    revoked.forgetOld(149);
    expect(revoked.size).toBe(1);
    revoked.forgetOld(150);
    expect(revoked.size).toBe(0);
  });

  it('forgets the oldest first, and keeps a session’s first time', () => {
    const revoked = new RevokedSessions(100);
    revoked.add('one', 0);
    revoked.add('two', 50);
    revoked.add('one', 60);
    expect(revoked.size).toBe(2);
    revoked.forgetOld(99);
    expect(revoked.size).toBe(2);
    revoked.forgetOld(100);
    expect([revoked.has('one'), revoked.has('two'), revoked.size]).toEqual([false, true, 1]);
    revoked.forgetOld(1000);
    expect(revoked.size).toBe(0);
  });
});
