import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { startAppProcess } from '../harness/app-process.js';
import { PASSWORD } from '../harness/test-app.js';
import { eventually } from './eventually.js';

/** The reference app, for its demo page. */
export interface Demo {
  url: string;
  /** Somebody who can sign in. */
  user: { username: string; password: string };
  /** Sets the server's clock forward. */
  advance(ms: number): Promise<void>;
  /** Kills the server. */
  kill(): Promise<void>;
  /** A browser with its own cookies, and the page in it. */
  open(browser: Browser, options?: OpenOptions): Promise<{ context: BrowserContext; page: Page }>;
  /** Rejects if a page threw. */
  close(): Promise<void>;
}

export interface OpenOptions {
  /** Called before the page is loaded. */
  before?(page: Page): Promise<void> | void;
}

export async function startDemo(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  const app = await startAppProcess({ databaseUrl: `sqlite:${join(folder, 'auth.sqlite')}` });
  const pageErrors: Error[] = [];
  const contexts: BrowserContext[] = [];
  const user = { username: 'grace', password: PASSWORD };
  await fetch(`${app.url}/demo/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  return {
    url: app.url,
    user,
    advance: app.advance,
    kill: app.kill,
    async open(browser, { before } = {}) {
      const context = await browser.newContext({
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      contexts.push(context);
      const page = await context.newPage();
      page.on('pageerror', (error) => pageErrors.push(error));
      await before?.(page);
      await page.goto(app.url);
      return { context, page };
    },
    async close() {
      // The app waits for the pages that listen to its events.
      await Promise.all(contexts.map((context) => context.close()));
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
      if (pageErrors.length > 0) throw new AggregateError(pageErrors, String(pageErrors[0]));
    },
  };
}

export async function signIn(page: Page, { username, password }: Demo['user']): Promise<void> {
  await openSignIn(page);
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.locator('#signed-in').waitFor();
}

/** The form for an account that the page didn't make up. */
export async function openSignIn(page: Page): Promise<void> {
  const form = page.locator('details', { has: page.locator('#login') });
  if ((await form.getAttribute('open')) === null) await form.locator('summary').click();
}

/** Signs in with the account that the page made up; the first time, that registers it. */
export async function makeAccount(page: Page): Promise<void> {
  await page.locator('#make-account').click();
  await page.locator('#who', { hasText: 'guest-' }).waitFor();
}

/** What the button that copies these lines puts on the clipboard. */
export async function copied(page: Page, lines: string): Promise<string> {
  const button = page.locator(`button[aria-label$=': ${lines}']`);
  await button.click();
  await expectText(button, 'Copied');
  return page.evaluate<string>('navigator.clipboard.readText()');
}

/** Until a text of the page is as expected. */
export async function expectText(locator: Locator, text: string | RegExp): Promise<void> {
  await eventually(async () => expect(await locator.textContent()).toMatch(text));
}

/** The thief has a copy, and one of the two has used it longer ago than the leeway. */
export async function stealAndTradeIn(page: Page, first: 'Victim' | 'Thief'): Promise<void> {
  await page.getByRole('button', { name: 'Copy the cookie' }).click();
  await page.getByText('Now let one of them refresh.').waitFor();
  await page.getByRole('button', { name: `${first} refreshes` }).click();
  await page.getByText('The leeway has ended.').waitFor();
}
