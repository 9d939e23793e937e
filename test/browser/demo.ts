import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { startAppProcess } from '../harness/app-process.js';
import { PASSWORD } from '../harness/test-app.js';

/** The reference app, for its demo page. */
export interface Demo {
  url: string;
  /** Somebody who can sign in. */
  user: { username: string; password: string };
  /** A browser with its own cookies, and the page in it. */
  open(browser: Browser): Promise<{ context: BrowserContext; page: Page }>;
  /** Rejects if a page threw. */
  close(): Promise<void>;
}

export async function startDemo(): Promise<Demo> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-'));
  const app = await startAppProcess({ databaseUrl: `sqlite:${join(folder, 'auth.sqlite')}` });
  const pageErrors: Error[] = [];
  const user = { username: 'grace', password: PASSWORD };
  await fetch(`${app.url}/demo/auth/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(user),
  });
  return {
    url: app.url,
    user,
    async open(browser) {
      const context = await browser.newContext({
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const page = await context.newPage();
      page.on('pageerror', (error) => pageErrors.push(error));
      await page.goto(app.url);
      return { context, page };
    },
    async close() {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
      if (pageErrors.length > 0) throw new AggregateError(pageErrors, String(pageErrors[0]));
    },
  };
}

export async function signIn(page: Page, { username, password }: Demo['user']): Promise<void> {
  await page.getByLabel('Username').fill(username);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('#signed-in').waitFor();
}

export async function makeAccount(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Make me an account' }).click();
  await page.locator('#who', { hasText: 'guest-' }).waitFor();
}

/** The thief has a copy, and one of the two has used it longer ago than the leeway. */
export async function stealAndTradeIn(page: Page, first: 'Victim' | 'Thief'): Promise<void> {
  await page.getByRole('button', { name: 'Copy the cookie' }).click();
  await page.getByText('Now let one of them refresh.').waitFor();
  await page.getByRole('button', { name: `${first} refreshes` }).click();
  await page.getByText('The leeway has ended.').waitFor();
}
