import { expect } from '@jest/globals';
import type { AuthClientOptions } from '../../src/client/index.js';
import type { Site } from './site.js';
import type { Tab, Window } from './tabs.js';

const LIFE_OF_A_TOKEN_MINUTES = 16;

/** The machine sleeps until the tokens have expired. */
export async function sleepUntilExpired(site: Site, tabs: Tab[]): Promise<void> {
  site.clock.advance({ minutes: LIFE_OF_A_TOKEN_MINUTES });
  await Promise.all(tabs.map((tab) => tab.sleep(LIFE_OF_A_TOKEN_MINUTES * 60_000)));
  site.refreshes();
}

/** Tabs of a user who is signed in. */
export async function signedInTabs(
  window: Window,
  count: number,
  options: AuthClientOptions = {},
): Promise<Tab[]> {
  const tabs = await window.tabs(count, options);
  await tabs[0]!.register('ada');
  await Promise.all(tabs.map((tab) => tab.ready()));
  return tabs;
}

export async function expiredTabs(site: Site, window: Window, count: number): Promise<Tab[]> {
  const tabs = await signedInTabs(window, count);
  await sleepUntilExpired(site, tabs);
  return tabs;
}

/**
 * The session still works, long after the server has begun to treat the predecessor of its token as stolen.
 * So the browser holds the current token.
 */
export async function expectSessionPastLeeway(site: Site, tabs: Tab[]): Promise<void> {
  for (let i = 0; i < 2; i += 1) {
    await sleepUntilExpired(site, tabs);
    for (const tab of tabs) expect(await tab.fetch()).toBe(200);
  }
  expect(await site.sessions.find()).toMatchObject([{ revokedAt: null }]);
}
