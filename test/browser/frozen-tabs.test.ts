import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeInChromium, launchFreezableChromium } from './chromium.js';
import { startSite, type Site } from './site.js';
import {
  expectSessionPastLeeway,
  signedInTabs,
  expiredTabs,
  sleepUntilExpired,
} from './sleeping-tabs.js';
import { eventually } from './eventually.js';
import { windowIn, type Window } from './tabs.js';

describeInChromium('a tab', () => {
  let chromium: Awaited<ReturnType<typeof launchFreezableChromium>>;
  let site: Site;
  let window: Window;

  beforeEach(async () => {
    site = await startSite();
    chromium = await launchFreezableChromium();
    window = await windowIn(chromium.context, site.url);
  });
  afterEach(async () => {
    await chromium?.close();
    await site.close();
  });

  it('frozen while it holds the lock delays the others by eight seconds, and continues when it thaws', async () => {
    const [first, second, third] = await expiredTabs(site, window, 3);
    const responses = site.holdResponses('/auth/refresh', 1);
    const frozen = first!.fetch();
    await responses.held();
    const ice = await first!.freeze();
    const started = performance.now();
    expect(await Promise.all([second!.fetch(), third!.fetch()])).toEqual([200, 200]);
    expect(performance.now() - started).toBeGreaterThan(7_500);
    expect(await second!.locks()).toEqual({ held: 1, pending: 0 });
    responses.release();
    await ice.thaw();
    expect(await frozen).toBe(200);
    expect(await second!.locks()).toEqual({ held: 0, pending: 0 });
    await expectSessionPastLeeway(site, [first!, second!, third!]);
  });

  it('that becomes visible again with an expired token refreshes before any request', async () => {
    const [tab, cover] = await signedInTabs(window, 2);
    await cover!.page.bringToFront();
    const ice = await tab!.freeze();
    await sleepUntilExpired(site, [tab!]);
    await ice.thaw();
    expect(site.refreshes()).toBe(0);
    await tab!.page.bringToFront();
    await eventually(async () => expect(site.requests.at(-1)).toBe('/auth/refresh'));
  });
});
