import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { AuthClientOptions } from '../../src/client/index.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { startSite, type Site } from './site.js';
import { signedInTabs, sleepUntilExpired } from './sleeping-tabs.js';
import { openWindow, type Tab, type Window, type WindowOptions } from './tabs.js';

const RUNS = 20;

describeInChromium('tabs that wake at once', () => {
  let browser: Browser;
  let site: Site;
  let window: Window;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    site = await startSite();
  });
  afterEach(async () => {
    await window.close();
    await site.close();
  });

  async function openSignedInTabs(
    count: number,
    options?: AuthClientOptions,
    given?: WindowOptions,
  ): Promise<Tab[]> {
    window = await openWindow(browser, site.url, given);
    const tabs = await signedInTabs(window, count, options);
    site.refreshes();
    return tabs;
  }

  async function wake(tabs: Tab[]): Promise<(number | string)[]> {
    await sleepUntilExpired(site, tabs);
    return Promise.all(tabs.map((tab) => tab.fetch()));
  }

  /** The server only says that the tokens have expired: the tabs don't know. */
  function surprise(tabs: Tab[]): Promise<(number | string)[]> {
    site.clock.advance({ minutes: 16 });
    return Promise.all(tabs.map((tab) => tab.fetch()));
  }

  async function expectNoLogout(tabs: Tab[]): Promise<void> {
    const states = await Promise.all(tabs.map((tab) => tab.state()));
    expect(new Set(states.map(({ status }) => status))).toEqual(new Set(['authenticated']));
    expect(await site.sessions.find()).toMatchObject([{ revokedAt: null }]);
  }

  it.each([2, 5, 10])(
    `refresh once with %i of them, ${RUNS} times out of ${RUNS}`,
    async (count) => {
      const tabs = await openSignedInTabs(count);
      const refreshes: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        expect(await wake(tabs)).toEqual(Array(count).fill(200));
        refreshes.push(site.refreshes());
      }
      expect(refreshes).toEqual(Array(RUNS).fill(1));
      await expectNoLogout(tabs);
    },
  );

  it('refresh once with ten of them, even if the server already refuses their token', async () => {
    const tabs = await openSignedInTabs(10);
    const refreshes: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      expect(await surprise(tabs)).toEqual(Array(10).fill(200));
      refreshes.push(site.refreshes());
    }
    expect(refreshes).toEqual(Array(RUNS).fill(1));
    await expectNoLogout(tabs);
  });

  const lacking: [string, AuthClientOptions, WindowOptions][] = [
    ['locks', {}, { without: ['locks'] }],
    ['a channel', {}, { without: ['BroadcastChannel'] }],
    ['locks and channel', {}, { without: ['locks', 'BroadcastChannel'] }],
    ['sharing', { share: false }, {}],
  ];
  const lackingByCount = [2, 5, 10].flatMap((count) =>
    lacking.map(([name, ...given]) => [count, name, ...given] as const),
  );
  it.each(lackingByCount)(
    'with %i of them, but without %s, refresh more often, and nobody is signed out',
    async (count, _, options, given) => {
      const tabs = await openSignedInTabs(count, options, given);
      const refreshes: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        expect(await wake(tabs)).toEqual(Array(count).fill(200));
        refreshes.push(site.refreshes());
      }
      expect(Math.min(...refreshes)).toBeGreaterThanOrEqual(1);
      expect(Math.max(...refreshes)).toBeLessThanOrEqual(count);
      await expectNoLogout(tabs);
    },
  );
});
