import { expect, it } from '@jest/globals';
import axe from 'axe-core';
import { useDemoPage, page } from './use-demo-page.js';
import { describeInChromium } from './chromium.js';
import { makeAccount, stealAndTradeIn } from './demo.js';

const LOOKS = [
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 360 },
  { colorScheme: 'dark', width: 360 },
] as const;

async function violations(): Promise<string[]> {
  const found: string[] = [];
  for (const { colorScheme, width } of LOOKS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.evaluate(axe.source);
    const results = (await page.evaluate('axe.run()')) as axe.AxeResults;
    expect(results.passes.length).toBeGreaterThan(15);
    for (const { id, impact, nodes } of results.violations) {
      for (const { html } of nodes) found.push(`${colorScheme} ${width}: ${impact} ${id} ${html}`);
    }
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect({ colorScheme, width, overflow }).toEqual({ colorScheme, width, overflow: 0 });
  }
  return found;
}

describeInChromium(
  'the demo page, light and dark, wide and on a phone, has nothing that axe-core objects to',
  () => {
    useDemoPage();

    it('signed out', async () => {
      await page.getByText('Not signed in.').first().waitFor();
      expect(await violations()).toEqual([]);
    });

    it('signed in, with requests in the timeline', async () => {
      await makeAccount(page);
      await page.getByRole('button', { name: 'Fire 20 requests' }).click();
      await page.getByText('20 × GET /demo/auth/me → 200').waitFor();
      await page.getByLabel('Offline').check();
      await page.getByText('No network: still signed in.').waitFor();
      expect(await violations()).toEqual([]);
    });

    it('after the theft', async () => {
      await makeAccount(page);
      await stealAndTradeIn(page, 'Victim');
      await page.getByRole('button', { name: 'Thief refreshes' }).click();
      await page.getByText('REUSE DETECTED').waitFor();
      expect(await violations()).toEqual([]);
    });
  },
);
