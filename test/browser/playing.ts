import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Demo } from './demo.js';
import { eventually } from './eventually.js';

const LEEWAY_MS = 5000;

/** What the story says at its end. */
export const VERDICT =
  'nestjs-refresh-auth signed its user out once, never without a thief. ' +
  'Ordinary rotation did so three times, twice without a thief. Both found the theft.';

/** “Next step”, if the story is being played. */
export async function pressNext(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Next step' });
  if (await button.isVisible()) await button.click({ timeout: 1000 }).catch(() => {});
}

/** Presses “Next step” until the caption says this. The server's clock is set forward, so that no leeway has to pass. */
export async function playUntil(demo: Demo, page: Page, text: string | RegExp): Promise<void> {
  await eventually(async () => {
    await demo.advance(LEEWAY_MS);
    await pressNext(page);
    expect(await page.locator('#caption').textContent()).toMatch(text);
  });
}

export function playToTheEnd(demo: Demo, page: Page): Promise<void> {
  return playUntil(demo, page, VERDICT);
}
