import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { AuthClient } from '../../src/client/index.js';
import { describeInChromium, launchChromium } from '../browser/chromium.js';
import { startSite, type Site } from '../browser/site.js';
import { eventually } from '../browser/eventually.js';
import { PASSWORD } from '../harness/test-app.js';
import { bundleOf } from './bundle-of.js';

declare const auth: AuthClient;

const APP = `
  import { createElement, StrictMode } from 'react';
  import { createRoot } from 'react-dom/client';
  import { auth } from './auth.js';
  import { useAuth } from './use-auth.js';

  function App() {
    const state = useAuth();
    return createElement('output', null, [state.status, state.reason].filter(Boolean).join(' '));
  }
  globalThis.auth = auth;
  const root = document.body.appendChild(document.createElement('main'));
  createRoot(root).render(createElement(StrictMode, null, createElement(App)));
`;

const signIn = (page: Page) =>
  page.evaluate((password) => auth.login({ username: 'ada', password }), PASSWORD);

async function expectToShow(page: Page, text: string): Promise<void> {
  await eventually(async () => expect(await page.locator('output').textContent()).toBe(text));
}

describeInChromium('the documented recipe for React', () => {
  let browser: Browser;
  let site: Site;
  let context: BrowserContext;

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser?.close());
  beforeEach(async () => {
    site = await startSite({ script: await bundleOf(APP, 'browser') });
    await site.loggedIn('ada');
    context = await browser.newContext();
  });
  afterEach(async () => {
    await context.close();
    await site.close();
  });

  async function open(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(`${site.url}/page`);
    return page;
  }
  it('sends one request to the server, and shows every sign-in and sign-out', async () => {
    const page = await open();
    await expectToShow(page, 'anonymous refresh_missing');
    expect(site.refreshes()).toBe(1);
    await signIn(page);
    await expectToShow(page, 'authenticated');
    await page.evaluate(() => auth.logout());
    await expectToShow(page, 'anonymous logout');
  });

  it('shows a signed-in user while twenty requests with an expired token make one refresh', async () => {
    const page = await open();
    await signIn(page);
    await expectToShow(page, 'authenticated');
    site.clock.advance({ minutes: 16 });
    site.refreshes();
    const statuses = await page.evaluate(async () => {
      const twenty = Array.from({ length: 20 }, () => auth.fetch('/guarded'));
      return (await Promise.all(twenty)).map(({ status }) => status);
    });
    expect(statuses).toEqual(Array(20).fill(200));
    expect(site.refreshes()).toBe(1);
    await expectToShow(page, 'authenticated');
  });

  it('shows changes in another tab, without a request to the server', async () => {
    const [page, other] = [await open(), await open()];
    for (const tab of [page, other]) await expectToShow(tab, 'anonymous refresh_missing');
    site.refreshes();
    await signIn(other);
    await expectToShow(page, 'authenticated');
    await other.evaluate(() => auth.logout());
    await expectToShow(page, 'anonymous logout');
    expect(site.refreshes()).toBe(0);
  });
});
