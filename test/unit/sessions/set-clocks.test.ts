import { beforeEach, describe, expect, it } from '@jest/globals';
import { RevocationFeed } from '../../../src/sessions/revocation-feed.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { OtherInstances } from './other-instances.js';

const MINUTE = 60_000;
const POLL = 10_000;
const settings = { accessLifetimeMs: 15 * MINUTE, leewayMs: 30_000, revocationPollMs: POLL };
const MATTERS_FOR = 30 * MINUTE + 30_000;
/** How far back a short poll reads beyond the last one. */
const RECENT = 62_000;

describe('when the clock of the revocation feed is set', () => {
  let clock: FakeClock;
  let others: OtherInstances;
  let feed: RevocationFeed;

  beforeEach(() => {
    clock = new FakeClock();
    others = new OtherInstances();
    feed = new RevocationFeed({ store: others, clock, settings });
  });

  /** Whether the last poll read only new revocations, and not all that still matter. */
  function wasShort(): boolean {
    return clock.now() - others.requestedSince.at(-1)! < MATTERS_FOR;
  }

  it.each([
    ['ahead', 1],
    ['back', -1],
  ])('%s, each poll reads all that matters for five minutes', async (_where, hours) => {
    const spanAfter = async (ms: number) => {
      clock.advance({ ms });
      await feed.poll();
      return clock.now() - others.requestedSince.at(-1)!;
    };
    await feed.poll();
    expect(await spanAfter(1000)).toBe(1000 + RECENT);
    clock.jump({ hours });
    const unsettled = [await spanAfter(1000), await spanAfter(1000)];
    unsettled.push(await spanAfter(5 * MINUTE - 1001));
    expect(unsettled).toEqual([MATTERS_FOR, MATTERS_FOR, MATTERS_FOR]);
    expect(await spanAfter(1)).toBe(1 + RECENT);
  });

  it.each([
    ['back, an ended session is known for as much longer', -10, 10 * MINUTE],
    ['back by hours, it is known for a full time from then on', -300, 20 * MINUTE],
    ['ahead, it is known for the same time', 10, 0],
  ])('%s', async (_where, minutes, longer) => {
    feed.add('here');
    clock.advance({ minutes: 20 });
    clock.jump({ minutes });
    await feed.poll();
    clock.advance({ ms: MATTERS_FOR - 20 * MINUTE + longer - 1 });
    await feed.poll();
    expect(feed.isRevoked('here')).toBe(true);
    clock.advance({ ms: 1 });
    await feed.poll();
    expect(feed.isRevoked('here')).toBe(false);
  });

  it('by a second at most, as NTP does, nothing changes', async () => {
    await feed.poll();
    clock.jump({ ms: 999 });
    clock.advance({ seconds: 1 });
    await feed.poll();
    expect(wasShort()).toBe(true);
  });

  it('ahead, nothing is forgotten too early', async () => {
    feed.add('here');
    clock.jump({ days: 1 });
    await feed.poll();
    expect(feed.isRevoked('here')).toBe(true);
    clock.jump({ days: -1 });
    clock.advance({ ms: MATTERS_FOR - 1 });
    await feed.poll();
    expect(feed.isRevoked('here')).toBe(true);
  });

  it('back, access tokens live longer, and their sessions are remembered longer', async () => {
    feed.add('early');
    clock.advance({ minutes: 5 });
    feed.add('late');
    clock.advance({ minutes: 20 });
    await feed.poll();
    clock.jump({ minutes: -10 });
    await feed.poll();
    // Life left: 5.5 minutes and 10 of the jump; 10.5 and 10; never more than all of it.
    clock.advance({ minutes: 15 });
    await feed.poll();
    expect(['early', 'late'].map((id) => feed.isRevoked(id))).toEqual([true, true]);
    clock.advance({ minutes: 1 });
    await feed.poll();
    expect(['early', 'late'].map((id) => feed.isRevoked(id))).toEqual([false, true]);
    clock.jump({ days: -365 });
    await feed.poll();
    clock.advance({ ms: MATTERS_FOR });
    await feed.poll();
    expect(feed.isRevoked('late')).toBe(false);
  });

  it.each([5, -5])('by %d minutes, the feed is as stale as before', async (minutes) => {
    await feed.poll();
    others.isDown = true;
    clock.advance({ ms: 3 * POLL });
    clock.jump({ minutes });
    expect(feed.isStale()).toBe(false);
    clock.advance({ ms: 1 });
    expect(feed.isStale()).toBe(true);
  });
});
