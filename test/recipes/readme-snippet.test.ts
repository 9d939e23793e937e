import { expect, it } from '@jest/globals';
import { describeInChromium, launchChromium } from '../browser/chromium.js';
import { startSite } from '../browser/site.js';
import { PASSWORD } from '../harness/test-app.js';
import { bundleOf } from './bundle-of.js';

declare const hello: (username: string, password: string) => Promise<string>;

describeInChromium("README.md's use of the client", () => {
  it('signs in and fetches', async () => {
    const script = await bundleOf(
      `import { hello } from './hello.js';
       globalThis.hello = hello;`,
      'browser',
    );
    const site = await startSite({ script });
    // A guarded route of the test app, under the documented name.
    site.trouble('/hello', (request, _response, next) => {
      request.url = '/auth/me';
      next();
    });
    const browser = await launchChromium();
    try {
      await site.loggedIn('ada');
      const page = await browser.newPage();
      await page.goto(`${site.url}/page`);
      const body = await page.evaluate((password) => hello('ada', password), PASSWORD);
      expect(JSON.parse(body)).toMatchObject({ username: 'ada' });
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
