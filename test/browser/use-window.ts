import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Browser } from 'playwright-core';
import { launchChromium } from './chromium.js';
import { startSite, type Site } from './site.js';
import { openWindow, type Window } from './tabs.js';

/** The parts that are made anew for each test of the file. */
export let site: Site;
export let window: Window;

/** Gives each test of a file a site and a window on it, in one Chromium. */
export function useWindow(): void {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    site = await startSite();
    window = await openWindow(browser, site.url);
  });
  afterEach(async () => {
    await window.close();
    await site.close();
  });
}
