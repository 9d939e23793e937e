/* oxlint-disable jest/expect-expect -- expectText is an expectation */
import { beforeEach, expect, it } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { browser, demo, page, useDemoPage } from './use-demo-page.js';
import { describeInChromium } from './chromium.js';
import { expectText, makeAccount } from './demo.js';
import { eventually } from './eventually.js';
import { playToTheEnd, playUntil, pressNext, skipLeeways, VERDICT } from './playing.js';

useDemoPage();

const ROWS = ['two-tabs', 'lost-response', 'theft'];
const play = (on = page) => on.getByRole('button', { name: 'Play the story' });
const nextStep = () => page.getByRole('button', { name: 'Next step' });
const caption = (on = page) => on.locator('#caption');
const side = (row: string, name: string, on = page) => on.locator(`#${row} .side.${name}`);
const outcome = (row: string, name: string, on = page) => side(row, name, on).locator('.outcome');
const lines = (of: Locator) => of.locator('.requests li').allTextContents();

const until = (text: string | RegExp) => playUntil(page, text);

/** The events of the demo's sessions from now on. */
async function serverEvents(): Promise<{ types: string[]; stop(): void }> {
  const types: string[] = [];
  const stream = new AbortController();
  const response = await fetch(`${demo.url}/demo/audit`, { signal: stream.signal });
  void (async () => {
    for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
      types.push(...[...chunk.matchAll(/^data: .*"type":"(\w+)"/gm)].map(([, type]) => type!));
    }
  })().catch(() => {});
  return { types, stop: () => stream.abort() };
}

describeInChromium('the story on the demo page', () => {
  beforeEach(() => skipLeeways(demo, page));

  it('plays by itself: ordinary rotation signs out three times, this module only for the theft', async () => {
    const visit = await demo.open(browser, {
      before: async (opened) => {
        await opened.clock.install();
        await skipLeeways(demo, opened);
      },
    });
    const on: Page = visit.page;
    await play(on).click();
    await playUntil(on, VERDICT, () => on.clock.runFor(1000));
    for (const row of ['two-tabs', 'lost-response']) {
      expect(await outcome(row, 'ours', on).textContent()).toBe('Still signed in');
      expect(await outcome(row, 'ordinary', on).textContent()).toBe('Signed out');
    }
    for (const name of ['ours', 'ordinary']) {
      expect(await outcome('theft', name, on).textContent()).toBe('Thief found, session ended');
      await expectText(on.locator(`#${name}-now`), 'signed out by the theft');
    }
  });

  it('shows each request and its response: the same ones on both sides, but for the sign-ins', async () => {
    await play().click();
    await playToTheEnd(page);
    expect(await lines(side('two-tabs', 'ours'))).toEqual([
      'Tab 1: A → B',
      'Tab 2: A → B',
      'Tab 1: B → keeps B',
    ]);
    expect(await lines(side('lost-response', 'ours'))).toEqual([
      'Tab 1: B → no response',
      'Tab 1: B → C',
    ]);
    expect(await lines(side('theft', 'ours'))).toEqual([
      'Tab 1: C → D',
      'Thief: C → 401 refresh_reused',
      'Tab 1: D → 401 session_revoked',
    ]);
    expect(await lines(side('lost-response', 'ordinary'))).toEqual([
      'signs in → C',
      'Tab 1: C → no response',
      'Tab 1: C → 401 token_reused',
    ]);
    for (const row of ROWS) {
      const [ours, ordinary] = await Promise.all(
        ['ours', 'ordinary'].map(async (name) =>
          (await lines(side(row, name)))
            .filter((line) => !line.startsWith('signs in'))
            .map((line) => line.split(':', 1)[0]),
        ),
      );
      expect(ours).toEqual(ordinary);
    }
  });

  it('tells what happens in captions that a screen reader announces, step by step', async () => {
    expect(await caption().getAttribute('role')).toBe('status');
    await play().click();
    await expectText(caption(), 'Somebody signs in, on both sides.');
    await until('Two tabs are open');
    await until(/^On the right, the user has to sign in again first\. A tab refreshes/);
    await until(/^On the right, the user has to sign in again first\. A thief copies/);
    await until('later than the leeway');
    await playToTheEnd(page);
  });

  it('is played, advanced and stopped by keyboard, and can be played again', async () => {
    await play().focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Tab');
    await expectText(page.locator(':focus'), 'Next step');
    await eventually(async () => {
      await page.keyboard.press('Enter');
      expect(await outcome('two-tabs', 'ours').count()).toBe(1);
    });
    await page.keyboard.press('Tab');
    await expectText(page.locator(':focus'), 'Stop the story');
    await page.keyboard.press('Enter');
    await expectText(caption(), /^Stopped\./);
    expect(await nextStep().isHidden()).toBe(true);
    expect(await page.locator('.board .outcome').count()).toBe(0);
    await page.keyboard.press('Enter');
    await playToTheEnd(page);
  });

  it('keeps the focus in its card when the last step takes its button away', async () => {
    await play().click();
    await nextStep().focus();
    await playToTheEnd(page);
    await expectText(page.locator(':focus'), 'The same traffic, twice');
  });

  it('leaves no session behind when it is stopped in the middle', async () => {
    const events = await serverEvents();
    await play().click();
    await until('A tab refreshes');
    await page.getByRole('button', { name: 'Stop the story' }).click();
    await eventually(async () => {
      expect(events.types.filter((type) => type === 'login_succeeded')).toHaveLength(1);
      expect(events.types.at(-1)).toBe('session_revoked');
    });
    events.stop();
  });

  it('leaves the visitor’s own session alone', async () => {
    await makeAccount(page);
    const who = await page.locator('#who').textContent();
    await play().click();
    await playToTheEnd(page);
    await page.reload();
    await expectText(page.locator('#state'), 'Signed in.');
    await expectText(page.locator('#who'), who!);
  });

  it('says so when the server pretends to be down, and when it is', async () => {
    await makeAccount(page);
    await page.getByLabel('Server responds 503').check();
    await play().click();
    await expectText(caption(), /^The story can’t go on\. .*503.*switch it off\.$/);
    await page.getByLabel('Server responds 503').uncheck();
    await play().click();
    await until('Two tabs');
    await page.unrouteAll();
    await demo.kill();
    await eventually(async () => {
      await pressNext(page);
      expect(await caption().textContent()).toMatch(/^The server can’t be reached\./);
    });
    expect(await play().isVisible()).toBe(true);
  });

  it.each([
    ['moves nothing for those who want no motion', 'reduce', 'none'],
    ['lets its lines arrive for others', 'no-preference', 'arrive'],
  ] as const)('%s', async (_, reducedMotion, animation) => {
    await page.emulateMedia({ reducedMotion });
    await play().click();
    await until('A tab refreshes');
    const style = 'getComputedStyle(document.querySelector(".requests li"))';
    expect(await page.evaluate(`${style}.animationName`)).toBe(animation);
  });

  it('waits for the leeway, however early the next step is asked for, and plays to two pages at once', async () => {
    await page.unrouteAll();
    const { page: second } = await demo.open(browser);
    await play().click();
    await play(second).click();
    await eventually(async () => {
      await pressNext(page);
      await pressNext(second);
      expect(await caption().textContent()).toBe(VERDICT);
      expect(await caption(second).textContent()).toBe(VERDICT);
    });
  });
});
