import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { describeInChromium, launchFreezableChromium } from './chromium.js';
import { startSite, type Site } from './site.js';
import { pastLeeway, signedInAndSlept } from './sleeping.js';
import { windowIn, type Window } from './tabs.js';

describeInChromium('a tab that refreshes, with the lock in its hands, and', () => {
  let chromium: Awaited<ReturnType<typeof launchFreezableChromium>>;
  let site: Site;
  let window: Window;

  beforeAll(async () => {
    chromium = await launchFreezableChromium();
  }, 60_000);
  afterAll(() => chromium?.close());
  beforeEach(async () => {
    site = await startSite();
    window = await windowIn(chromium.context, site.url);
  });
  afterEach(async () => {
    for (const page of chromium.context.pages()) await page.close();
    await chromium.context.clearCookies();
    await site.close();
  });

  it('is frozen, keeps the others waiting for eight seconds, and goes on when it thaws', async () => {
    const [first, second, third] = await signedInAndSlept(site, window, 3);
    const answers = site.holdAnswers('/auth/refresh', 1);
    const frozen = first!.fetch();
    await answers.held();
    const ice = await first!.freeze();
    const started = performance.now();
    expect(await Promise.all([second!.fetch(), third!.fetch()])).toEqual([200, 200]);
    expect(performance.now() - started).toBeGreaterThan(7_500);
    expect(await second!.locks()).toEqual({ held: 1, pending: 0 });
    answers.release();
    await ice.thaw();
    expect(await frozen).toBe(200);
    expect(await second!.locks()).toEqual({ held: 0, pending: 0 });
    await pastLeeway(site, [first!, second!, third!]);
  }, 60_000);
});
