import { describe, expect, it } from '@jest/globals';
import { WATCHDOG_EVERY_MS } from '../../../src/app/database.js';
import { resolveAuthOptions } from '../../../src/options/auth-settings.js';
import {
  TRUSTED_AFTER_MS,
  COMPARE_CLOCKS_EVERY_MS,
  COURTESY_MS,
  FULL_POLL_EVERY_MS,
  KEEP_ENDED_MS,
  LATEST_MS,
  LONGEST_RESPONSE_MS,
  LONGEST_TRANSACTION_WAIT_MS,
  MOST_CLOCK_ERROR_MS,
  MOST_CLOCKS_APART_MS,
  RECENT_MS,
  SETTLED_AFTER_MS,
  TRUSTED_BEYOND_MS,
  UNSETTLED_MS,
} from '../../../src/runtime/time-bounds.js';
import { keepEndedMs, revocationMattersMs } from '../../../src/sessions/lifetimes.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';

const SECOND = 1000;
/** How long InnoDB and TypeORM's SQLite drivers let a statement wait for a lock before it fails. */
const LONGEST_LOCK_WAIT_MS = 50 * SECOND;

describe('no wait is longer than the look-back that repairs it:', () => {
  it('two instances that boot differ by no more than the allowed difference', () => {
    expect(MOST_CLOCKS_APART_MS).toBe(2 * MOST_CLOCK_ERROR_MS);
  });

  it('every poll sees what the slowest instance wrote, with the longest statement', () => {
    expect(RECENT_MS).toBeGreaterThanOrEqual(MOST_CLOCKS_APART_MS + LONGEST_RESPONSE_MS);
  });

  it('a full poll sees a statement that was retried, was delayed, and waited for the poll', () => {
    const written = LONGEST_RESPONSE_MS + LONGEST_LOCK_WAIT_MS;
    expect(LATEST_MS).toBeGreaterThan(MOST_CLOCKS_APART_MS + written + FULL_POLL_EVERY_MS);
  });

  it('and a refresh that read the row before the session ended, and was signed afterwards', () => {
    // The directory, the read of the row, the signature.
    expect(LATEST_MS).toBeGreaterThan(MOST_CLOCKS_APART_MS + 3 * LONGEST_RESPONSE_MS);
  });

  it('a long app transaction is reported within five seconds, including the session’s two writes', () => {
    expect(2 * COURTESY_MS + LONGEST_TRANSACTION_WAIT_MS).toBeLessThan(5 * SECOND);
  });

  it('after a jump, full polls continue until the next regular one is sure to follow', () => {
    expect(UNSETTLED_MS).toBeGreaterThan(2 * FULL_POLL_EVERY_MS);
    expect(LATEST_MS).toBeGreaterThan(UNSETTLED_MS + FULL_POLL_EVERY_MS);
  });

  it('a clock that was set is compared again, and so corrected, while every poll is still a full one', () => {
    expect(UNSETTLED_MS).toBeGreaterThan(COMPARE_CLOCKS_EVERY_MS + SETTLED_AFTER_MS);
  });

  it('ended sessions are kept longer than a wrong clock may go unnoticed', () => {
    expect(TRUSTED_AFTER_MS).toBeGreaterThanOrEqual(KEEP_ENDED_MS);
    expect(KEEP_ENDED_MS).toBeGreaterThan(LATEST_MS);
  });

  it('an instance that starts deletes nothing alive, whatever time it trusts beyond the known one', () => {
    expect(KEEP_ENDED_MS).toBeGreaterThanOrEqual(TRUSTED_BEYOND_MS + MOST_CLOCKS_APART_MS);
  });

  it('the reference app’s watchdog interrupts no statement that is still waited for', () => {
    expect(WATCHDOG_EVERY_MS).toBeGreaterThan(LONGEST_RESPONSE_MS);
  });

  it.each([
    ['1s', 0],
    ['15m', '30s'],
    ['1d', '1d'],
    ['30d', '30d'],
  ])('no purge deletes what a full poll reads, with access tokens of %s', (expiresIn, leeway) => {
    const settings = resolveAuthOptions({
      accessToken: { secret: ACCESS_SECRET, expiresIn },
      refreshToken: {
        secret: REFRESH_SECRET,
        expiresIn: '60d',
        absoluteExpiresIn: '60d',
        leeway,
      },
    });
    expect(keepEndedMs(settings)).toBeGreaterThan(revocationMattersMs(settings));
    expect(revocationMattersMs(settings)).toBeGreaterThan(settings.accessLifetimeMs);
  });
});
