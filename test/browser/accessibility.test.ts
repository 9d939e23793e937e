import { expect, it } from '@jest/globals';
import { axeViolations, DISPLAYS, overflowOf } from './axe.js';
import { describeInChromium } from './chromium.js';
import { makeAccount, stealAndTradeIn } from './demo.js';
import { playToTheEnd, skipLeeways } from './playing.js';
import { demo, page, useDemoPage } from './use-demo-page.js';

async function violations(): Promise<string[]> {
  const found: string[] = [];
  for (const { colorScheme, width } of DISPLAYS) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    found.push(...(await axeViolations(page)).map((line) => `${colorScheme} ${width}: ${line}`));
    const overflow = await overflowOf(page);
    expect({ colorScheme, width, overflow }).toEqual({ colorScheme, width, overflow: 0 });
  }
  return found;
}

describeInChromium(
  'axe-core finds nothing on the demo page, light and dark, wide and on a phone:',
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

    it('after the story, with everything unfolded', async () => {
      for (const summary of await page.locator('summary').all()) await summary.click();
      await skipLeeways(demo, page);
      await page.getByRole('button', { name: 'Play the story' }).click();
      await playToTheEnd(page);
      expect(await violations()).toEqual([]);
    });

    it('after a theft', async () => {
      await makeAccount(page);
      await stealAndTradeIn(page, 'Victim');
      await page.getByRole('button', { name: 'Thief refreshes' }).click();
      await page.getByText('REUSE DETECTED').waitFor();
      expect(await violations()).toEqual([]);
    });
  },
);
