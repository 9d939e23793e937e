import { expect } from '@jest/globals';
import type { Page } from 'playwright-core';
import type { Demo } from './demo.js';

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

/**
 * Sets the server's clock forward before each step, so that no leeway has to pass. Between the steps no request is on its
 * way: to the server, one that is would come later than the leeway.
 */
export async function skipLeeways(demo: Demo, page: Page): Promise<void> {
  await page.route('**/demo/stories/*/next', async (route) => {
    await demo.advance(LEEWAY_MS);
    await route.continue();
  });
}

/** Goes on with the story until its caption says this. Fails when the story has ended otherwise. */
export async function playUntil(
  page: Page,
  text: string | RegExp,
  goOn = () => pressNext(page),
): Promise<void> {
  const caption = page.locator('#caption p');
  for (let isPlaying = true; isPlaying;) {
    await goOn();
    isPlaying = await page.getByRole('button', { name: 'Stop the story' }).isVisible();
    const says = await caption.textContent();
    if (typeof text === 'string' ? says!.includes(text) : text.test(says!)) return;
  }
  expect(await caption.textContent()).toMatch(text);
}

export function playToTheEnd(page: Page): Promise<void> {
  return playUntil(page, VERDICT);
}
