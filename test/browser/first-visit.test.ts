/* oxlint-disable jest/expect-expect -- expectText is an expectation */
import { expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { describeInChromium } from './chromium.js';
import { expectText, makeAccount } from './demo.js';
import { browser, demo, page, useDemoPage } from './use-demo-page.js';

useDemoPage();

const state = (of: Page) => of.locator('#state');

/** What the browser writes into its console, and which responses are errors, from before the page is loaded. */
async function visit(): Promise<{ on: Page; console: string[]; failures: string[] }> {
  const console: string[] = [];
  const failures: string[] = [];
  const { page: on } = await demo.open(browser, {
    before(opened) {
      opened.on('console', (message) => console.push(`${message.type()}: ${message.text()}`));
      opened.on('requestfailed', (request) => failures.push(request.url()));
      opened.on('response', (response) => {
        if (response.status() >= 400) failures.push(`${response.status()} ${response.url()}`);
      });
    },
  });
  return { on, console, failures };
}

describeInChromium('a first visit to the demo page', () => {
  it('writes nothing into the browser’s console, and no request fails', async () => {
    const { on, console, failures } = await visit();
    await expectText(state(on), 'Not signed in.');
    await makeAccount(on);
    await expectText(state(on), 'Signed in.');
    expect({ console, failures }).toEqual({ console: [], failures: [] });
  });

  it.each([
    ['on a desktop', { width: 1280, height: 800 }],
    ['on a phone', { width: 390, height: 844 }],
  ])('shows all that it is about without scrolling, %s', async (_, size) => {
    await page.setViewportSize(size);
    await expectText(state(page), 'Not signed in.');
    for (const locator of [
      page.getByText('Ordinary rotation signs them out when two tabs refresh at once'),
      page.getByRole('button', { name: 'Play the story' }),
      page.locator('#caption'),
      page.getByText('A thief uses a copy'),
      page.locator('#account-username'),
      page.locator('#account-password'),
      page.getByRole('link', { name: 'Docs' }),
      page.getByRole('link', { name: 'API' }),
      page.getByRole('link', { name: 'Put it into your app' }),
    ]) {
      const box = (await locator.boundingBox())!;
      const isShown = box.height > 0 && box.y >= 0 && box.y + box.height <= size.height;
      expect({ locator: String(locator), isShown }).toEqual({
        locator: String(locator),
        isShown: true,
      });
    }
  });
});

describeInChromium('a later visit to the demo page', () => {
  it('finds the session of the earlier one', async () => {
    await makeAccount(page);
    const who = await page.locator('#who').textContent();
    await page.reload();
    await expectText(state(page), 'Signed in.');
    await expectText(page.locator('#who'), who!);
  });

  it('asks for none after a sign-out', async () => {
    await makeAccount(page);
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await expectText(state(page), 'Signed out.');
    await page.reload();
    await expectText(state(page), 'Not signed in.');
    expect(await page.locator('#timeline li').count()).toBe(0);
  });
});
