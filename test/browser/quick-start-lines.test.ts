import { expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { describeInChromium } from './chromium.js';
import { copied } from './demo.js';
import { demo, page, useDemoPage } from './use-demo-page.js';

useDemoPage();

/** Without the blanks that all lines begin with. */
function withoutMargin(text: string): string {
  return text.replaceAll(/^ +/gm, '').trim();
}

describeInChromium('the lines for an app on the demo page', () => {
  it.each(['Install', 'Import the module', 'Guard a route'])(
    '“%s” are copied, and are those of the README',
    async (name) => {
      const readme = withoutMargin(readFileSync('README.md', 'utf8'));
      const lines = await copied(page, name);
      for (const part of lines.trim().split('\n\n')) {
        expect(readme).toContain(withoutMargin(part));
      }
    },
  );

  it('have links beside them to pages of the documentation that exist, and to the routes', async () => {
    const { homepage } = JSON.parse(readFileSync('package.json', 'utf8')) as { homepage: string };
    const base = `${homepage.replace(/#.*/, '')}/blob/main/`;
    const links = await page
      .locator('a[href^="https:"]')
      .evaluateAll((all) => all.map((link) => (link as unknown as { href: string }).href));
    expect(links.length).toBeGreaterThan(2);
    for (const link of links) {
      expect(link.startsWith(base)).toBe(true);
      expect({ link, exists: existsSync(link.slice(base.length)) }).toEqual({ link, exists: true });
    }
    const routes = await page.getByRole('link', { name: 'API' }).getAttribute('href');
    expect((await fetch(demo.url + routes!)).status).toBe(200);
  });
});
