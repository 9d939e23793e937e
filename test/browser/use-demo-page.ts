import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchChromium } from './chromium.js';
import { startDemo, type Demo } from './demo.js';

/** The parts that are made anew for each test of the file. */
export let browser: Browser;
export let demo: Demo;
export let context: BrowserContext;
export let page: Page;

/** Gives each test of a file a reference app with its page open, in one Chromium. */
export function useDemoPage(): void {
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    demo = await startDemo();
    ({ context, page } = await demo.open(browser));
  });
  afterEach(async () => {
    await context?.close();
    await demo?.close();
  });
}
