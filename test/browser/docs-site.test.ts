import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { axeViolations, DISPLAYS, overflowOf } from './axe.js';
import { buildDocs, type BuiltDocs } from './built-docs.js';
import { describeInChromium, launchChromium } from './chromium.js';

/** The home page, a guide, a picture, and the widest tables. */
const SEEN = [
  '/',
  '/guides/roles.html',
  '/concepts/rotation.html',
  '/reference/options.html',
  '/security.html',
];

describeInChromium('the site of the documentation', () => {
  let docs: BuiltDocs;
  let browser: Browser;
  beforeAll(async () => {
    docs = await buildDocs();
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    docs?.close();
  });

  async function open(page: Page, path: string): Promise<void> {
    await page.goto(docs.url + path);
    await page.waitForFunction('document.querySelector("#app").__vue_app__ !== undefined');
  }

  it.each(DISPLAYS)(
    'has no fault that axe-core finds: $colorScheme, $width pixels wide',
    async ({ colorScheme, width }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 } });
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(String(error)));
      for (const path of SEEN) {
        await open(page, path);
        expect([path, await axeViolations(page)]).toEqual([path, []]);
        expect([path, await overflowOf(page)]).toEqual([path, 0]);
      }
      await context.close();
      expect(errors).toEqual([]);
    },
  );

  it('finds pages by words of their text', async () => {
    const page = await browser.newPage();
    await open(page, '/');
    await page.getByRole('button', { name: 'Search' }).click();
    await page.getByRole('searchbox').fill('pgbouncer');
    const result = page.locator('#localsearch-list a').first();
    await result.waitFor();
    expect(await result.getAttribute('href')).toMatch(/^\/guides\/pgbouncer\.html/);
    await page.close();
  });

  it('has every page and every anchor that it links to, those of the repository’s root too', () => {
    const links = [...docs.pages].flatMap(([page, html]) =>
      [...html.matchAll(/ href="([^"]+)"/g)].map((match) => ({ page, href: match[1]! })),
    );
    const dead = links
      .filter(({ href }) => !/^([a-z]+:|\/assets\/|\/vp-icons\.css)/.test(href))
      .filter(({ page, href }) => !leadsSomewhere(docs.pages, page, href))
      .map(({ page, href }) => `${page}: ${href}`);
    expect(dead).toEqual([]);
    expect(links.map(({ href }) => href)).toContain('/security.html#known-trade-offs');
  });
});

function leadsSomewhere(pages: ReadonlyMap<string, string>, page: string, href: string): boolean {
  const { pathname, hash } = new URL(href, `http://site${page}`);
  const html = pages.get(pathname.replace(/\/$/, '/index.html'));
  return html !== undefined && (hash === '' || html.includes(` id="${hash.slice(1)}"`));
}
