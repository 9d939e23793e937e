import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RevocationFeed } from '../../../src/sessions/revocation-feed.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { OtherInstances } from './other-instances.js';

const MINUTE = 60_000;
/** An access token's life, the leeway, and the quarter of an hour by which clocks and commits may be late. */
const MATTERS_FOR = 15 * MINUTE + 30_000 + 15 * MINUTE;
/** How far back a short poll reads beyond the last one. */
const RECENT = 62_000;

describe('the revocation feed of an instance whose clock was set', () => {
  let clock: FakeClock;
  let others: OtherInstances;
  let feed: RevocationFeed;

  beforeEach(() => {
    clock = new FakeClock();
    others = new OtherInstances();
    const settings = { accessLifetimeMs: 15 * MINUTE, leewayMs: 30_000, revocationPollMs: 10_000 };
    feed = new RevocationFeed({ store: others, clock, settings });
  });
  afterEach(async () => {
    await feed.onApplicationShutdown();
  });

  it.each([
    ['back knows an ended session for as much longer', -10, 10 * MINUTE],
    ['back by hours knows it for a full time from then on', -300, 20 * MINUTE],
    ['ahead knows it for the same time', 10, 0],
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

  it.each([
    ['ahead', 1],
    ['back', -1],
  ])('%s reads all that matters in each poll for five minutes', async (_where, hours) => {
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
});
