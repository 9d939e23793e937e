import { expect, it } from '@jest/globals';
import { describeInChromium, launchChromium } from '../browser/chromium.js';
import { startSite } from '../browser/site.js';
import { PASSWORD } from '../harness/test-app.js';
import { codeBlocks } from '../package/readme.js';
import { bundleOf } from './bundle-of.js';

declare const finished: Promise<{ status: number; username: string }>;

describeInChromium("README.md's use of the client", () => {
  it('signs in and fetches', async () => {
    const snippet = codeBlocks('js').find((block) => block.includes('createAuthClient'))!;
    const [, imports, code] = /^(import .*;\n)([^]*)$/.exec(snippet)!;
    const script = await bundleOf(
      `${imports}
       const [username, password] = ['ada', '${PASSWORD}'];
       globalThis.finished = (async () => {
         ${code}
         return { status: response.status, ...(await response.json()) };
       })();`,
      'browser',
    );
    const site = await startSite({ script });
    const browser = await launchChromium();
    try {
      await site.loggedIn('ada');
      const page = await browser.newPage();
      await page.goto(`${site.url}/page`);
      expect(await page.evaluate(() => finished)).toMatchObject({ status: 200, username: 'ada' });
    } finally {
      await browser.close();
      await site.close();
    }
  });
});
