/* oxlint-disable jest/expect-expect -- expectText and expectState are expectations */
import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator } from 'playwright-core';
import { browser, context, demo, useDemoPage, page } from './use-demo-page.js';
import { describeInChromium } from './chromium.js';
import { expectText, makeAccount, openSignIn, signIn, stealAndTradeIn } from './demo.js';
import { eventually } from './eventually.js';

const run = promisify(execFile);

useDemoPage();

const button = (name: string | RegExp, on = page) =>
  on.getByRole('button', { name, exact: typeof name === 'string' });
const rows = (text: string | RegExp) => page.locator('#timeline li', { hasText: text });

const expectState = (text: string, on = page) => expectText(on.locator('#state'), text);

describeInChromium('the demo page', () => {
  it('signs in and out by keyboard alone, and the focus stays in the card', async () => {
    await button('Make me an account').focus();
    await page.keyboard.press('Enter');
    await expectState('Signed in.');
    await expectText(page.locator('#who'), /^guest-\d+$/);
    await expectText(page.locator(':focus'), 'Your session');
    await page.keyboard.press('Tab');
    await expectText(page.locator(':focus'), 'Call a guarded route');
    await page.keyboard.press('Enter');
    await rows('GET /demo/auth/me → 200').first().waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expectText(page.locator(':focus'), 'Sign out');
    await page.keyboard.press('Enter');
    await expectState('Signed out.');
    await expectText(page.locator(':focus'), 'Your session');
    await expectText(page.locator('#family .dot'), /ended/);
  });

  it('shows why a sign-in failed', async () => {
    await openSignIn(page);
    await page.getByLabel('Username').fill('grace');
    await page.getByLabel('Password').fill('not the password at all');
    await button('Sign in').click();
    await expectState('The username or the password is wrong.');
    await signIn(page, demo.user);
    await expectState('Signed in.');
    await expectText(page.locator('#who'), 'grace');
  });

  it('fires twenty requests with an expired token, and shows one refresh', async () => {
    await makeAccount(page);
    for (let times = 0; times < 2; times += 1) {
      const refreshes = await rows('POST /demo/auth/refresh → 200').count();
      await button('Fire 20 requests with an expired token').click();
      // The counters show the earlier values until the first responses come.
      await eventually(async () => {
        expect(await rows('20 × GET /demo/auth/me → 200').count()).toBe(times + 1);
        expect(await rows('20 × GET /demo/auth/me → 401 token_expired').count()).toBe(times + 1);
        expect(await rows('POST /demo/auth/refresh → 200').count()).toBe(refreshes + 1);
      });
      await expectText(page.locator('#answers'), '20');
      await expectText(page.locator('.counters'), /1\s+refresh\s/);
    }
  });

  it('opens a second tab that is signed in without a request, and signs out both', async () => {
    await makeAccount(page);
    const opened = context.waitForEvent('page');
    await page.getByRole('link', { name: 'Open a second tab' }).click();
    const second = await opened;
    await expectState('Signed in.', second);
    await expectText(second.locator('#who'), (await page.locator('#who').textContent())!);
    expect(await second.locator('#timeline li', { hasText: '/refresh' }).count()).toBe(0);
    await button('Sign out', second).click();
    await expectState('Signed out.', second);
    await expectState('Signed out.');
  });

  it('loses the response to a refresh, and the same token gets the same successor', async () => {
    await makeAccount(page);
    await button('Lose the response of the next refresh').click();
    await expectText(page.locator('#fault-verdict'), /got the same successor: still signed in\.$/);
    await rows('replayed, generation 0 got the same successor again').waitFor();
    await expectText(page.locator('#family .dot').first(), /0: replayed/);
    await expectState('Signed in.');
  });

  it.each([
    [
      'Server responds 503',
      'The server responds 503',
      '503 store_unavailable',
      'The server works again',
    ],
    ['Offline', 'No network', 'no response', 'Back online'],
  ])('“%s” keeps everybody signed in', async (name, on, response, off) => {
    await makeAccount(page);
    await page.getByLabel(name).check();
    await rows(`POST /demo/auth/refresh → ${response}`).first().waitFor();
    await expectText(page.locator('#fault-verdict'), `${on}: still signed in.`);
    await expectState('Still signed in; the last refresh failed for now');
    await page.getByLabel(name).uncheck();
    await expectText(page.locator('#fault-verdict'), `${off}: still signed in.`);
    await expectState('Signed in.');
  });

  it('can be reloaded while the server responds with 503, and the switch still works', async () => {
    await makeAccount(page);
    await page.getByLabel('Server responds 503').check();
    await expectText(page.locator('#fault-verdict'), 'The server responds 503: still signed in.');
    await page.reload();
    await expectState('The server can’t be reached.');
    await page.getByLabel('Server responds 503').uncheck();
    await expectState('Signed in.');
  });

  it('keeps everybody signed in with “My clock is two hours ahead”, and shows that clock', async () => {
    await makeAccount(page);
    for (const verdict of ['Your clock is two hours ahead', 'Your clock is right again']) {
      await page.getByLabel('My clock is two hours ahead').click();
      await expectText(page.locator('#fault-verdict'), `${verdict}: still signed in.`);
      await button('Call a guarded route').click();
      await expectState('Signed in.');
    }
    expect(await rows('401').count()).toBe(0);
  });

  it('revokes another device, which is then signed out, and signs out everywhere', async () => {
    await signIn(page, demo.user);
    const other = await demo.open(browser);
    await signIn(other.page, demo.user);
    const devices = page.locator('#devices li');
    await eventually(async () => {
      await button('Reload').click();
      expect(await devices.count()).toBe(3);
    });
    await expectText(devices.first(), /(Chrome|Node|unknown)/);
    await page
      .locator('#devices li', { hasText: 'Chrome' })
      .getByText('Revoke', { exact: true })
      .click();
    await expectState('Signed out: this session was ended.', other.page);
    await eventually(async () => expect(await devices.count()).toBe(2));
    await expectText(page.locator(':focus'), 'Devices');
    await expectState('Signed in.');
    await signIn(other.page, demo.user);
    await button('Sign out everywhere').click();
    await expectState('Signed out.');
    await expectText(page.locator(':focus'), 'Devices');
    await expectState('Signed out: this session was ended.', other.page);
    await other.context.close();
  });

  it('revokes its own session', async () => {
    await makeAccount(page);
    await button(/Revoke this one/).click();
    await expectState('Signed out: this session was ended.');
  });

  it('explains in words that a thief who refreshes second is detected', async () => {
    await makeAccount(page);
    await stealAndTradeIn(page, 'Victim');
    await button('Thief refreshes').click();
    await expectText(page.locator('#thief-state'), /^Detected: the token had already been used/);
    await expectText(page.locator('#victim-state'), /^Signed out too: the server can’t know/);
    await expectText(
      page.locator('#theft-event'),
      /reuse_detected. Generation 0 came from the thief’s script at 127.0.0.1.*held by Chrome \d+ on Linux/,
    );
    await expectState('Signed out: a copy of your refresh token was used.');
    await expectText(page.locator('#family .dot.reused'), '0: reused');
    await expectText(page.locator(':focus'), 'Steal the refresh token');
    await makeAccount(page);
    await expectText(page.locator('#victim-state'), 'Holds the current token.');
  });

  it('shows that a victim who refreshes second ends the thief’s session', async () => {
    await makeAccount(page);
    await stealAndTradeIn(page, 'Thief');
    await button('Victim refreshes').click();
    await expectText(page.locator('#victim-state'), /that somebody else had already used/);
    await expectText(page.locator('#thief-state'), 'the thief’s tokens are worthless now');
    await expectState('Signed out: a copy of your refresh token was used.');
  });

  it('copies requests as shell commands that run', async () => {
    await signIn(page, demo.user);
    await button('Fire 20 requests with an expired token').click();
    await expectText(page.locator('#answers'), '20');
    const folder = mkdtempSync(join(tmpdir(), 'curl-'));
    const curl = async (row: Locator) => {
      await row.getByRole('button').click();
      await expectText(row.getByRole('button'), 'copied');
      const line = await page.evaluate(() =>
        (
          globalThis as unknown as { navigator: { clipboard: { readText(): Promise<string> } } }
        ).navigator.clipboard.readText(),
      );
      return (await run('sh', ['-c', line], { cwd: folder })).stdout;
    };
    try {
      const me = await curl(rows('20 × GET /demo/auth/me → 200'));
      expect(me).toMatch(/^HTTP\/1.1 200 [^]*"username":"grace"/);
      const refresh = rows('POST /demo/auth/refresh → 200').first();
      expect(await curl(refresh)).toMatch(/^HTTP\/1.1 401 [^]*refresh_missing/);
      expect(await curl(rows('POST /demo/auth/login'))).toMatch(/^HTTP\/1.1 200 [^]*accessToken/);
      await refresh.getByRole('button').evaluate((copied) => {
        (copied as unknown as { textContent: string }).textContent = 'curl';
      });
      expect(await curl(refresh)).toMatch(/^HTTP\/1.1 200 [^]*accessToken/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
