import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeInChromium, launchChromium } from '../browser/chromium.js';
import { startSite, type Site } from '../browser/site.js';
import { COOKIE, PASSWORD } from '../harness/test-app.js';
import { bundleOf } from './bundle-of.js';

/** How a page uses a recipe. */
interface Recipe {
  signIn(username: string, password: string): Promise<unknown>;
  signOut(): Promise<unknown>;
  /** The final status of a guarded route. */
  get(): Promise<number>;
}
declare const recipe: Recipe;

const BY_CLIENT = `
  import { auth } from './auth.js';
  const session = {
    signIn: (username, password) => auth.login({ username, password }),
    signOut: () => auth.logout(),
  };
  const status = (promise) => promise.then((r) => r.status, (error) => error.response.status);
`;

const recipes: [name: string, code: string][] = [
  [
    'plain fetch',
    `${BY_CLIENT} import { signIn, whoAmI } from './plain-fetch.js';
     const get = async () => ((await whoAmI()) === null ? 401 : 200);
     globalThis.recipe = { ...session, signIn, get };`,
  ],
  [
    'axios',
    `${BY_CLIENT} import { api } from './axios.js';
     globalThis.recipe = { ...session, get: () => status(api.get('/guarded')) };`,
  ],
  [
    'axios-auth-refresh',
    `${BY_CLIENT} import { api } from './axios-auth-refresh.js';
     globalThis.recipe = { ...session, get: () => status(api.get('/guarded')) };`,
  ],
  [
    'ky',
    `${BY_CLIENT} import { api } from './ky.js';
     globalThis.recipe = { ...session, get: () => status(api.get('/guarded')) };`,
  ],
  [
    'fetch without the client',
    `import { api, signIn, signOut } from './without-the-client.js';
     globalThis.recipe = { signIn, signOut, get: async () => (await api('/guarded')).status };`,
  ],
];

let browser: Browser;
beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());

for (const [name, code] of recipes) {
  describeInChromium(`the documented recipe for ${name}`, () => {
    let script: string;
    let site: Site;
    let context: BrowserContext;
    let page: Page;

    beforeAll(async () => {
      script = await bundleOf(code, 'browser');
    });
    beforeEach(async () => {
      site = await startSite({ script });
      await site.loggedIn('ada');
      context = await browser.newContext();
      page = await context.newPage();
      await page.goto(`${site.url}/page`);
    });
    afterEach(async () => {
      await context.close();
      await site.close();
    });

    const signIn = () => page.evaluate((password) => recipe.signIn('ada', password), PASSWORD);
    const get = () => page.evaluate(() => recipe.get());
    const twenty = () =>
      page.evaluate(() => Promise.all(Array.from({ length: 20 }, () => recipe.get())));

    it('makes one refresh for twenty simultaneous requests with an expired token, repeatedly', async () => {
      await signIn();
      expect(await get()).toBe(200);
      expect(site.refreshes()).toBe(0);
      for (let times = 0; times < 3; times += 1) {
        site.clock.advance({ minutes: 16 });
        expect(await twenty()).toEqual(Array(20).fill(200));
        expect(site.refreshes()).toBe(1);
      }
    });

    it('makes no second refresh for a late 401', async () => {
      await signIn();
      site.clock.advance({ minutes: 16 });
      const responses = ['/guarded', '/auth/me'].map((path) => site.holdResponses(path, 1));
      // With Chromium's cache the second request would wait for the response to the first.
      const devtools = await context.newCDPSession(page);
      await devtools.send('Network.enable');
      await devtools.send('Network.setCacheDisabled', { cacheDisabled: true });
      const straggler = get();
      await Promise.race(responses.map(({ held }) => held()));
      expect(await get()).toBe(200);
      for (const { release } of responses) release();
      expect(await straggler).toBe(200);
      expect(site.refreshes()).toBe(1);
    });

    it('finds the session again after a reload', async () => {
      await signIn();
      await page.reload();
      expect(await twenty()).toEqual(Array(20).fill(200));
      expect(site.refreshes()).toBe(1);
    });

    it('is signed out by a logout, for good', async () => {
      await signIn();
      await page.evaluate(() => recipe.signOut());
      expect(await get()).toBe(401);
      expect((await context.cookies()).map((cookie) => cookie.name)).not.toContain(COOKIE);
      await page.reload();
      expect(await get()).toBe(401);
    });

    it('is signed out when the session was ended elsewhere', async () => {
      await signIn();
      const { id } = await site.users.findOneByOrFail({ username: 'ada' });
      await site.auth.revokeAllForUser(String(id));
      expect(await twenty()).toEqual(Array(20).fill(401));
      expect(await get()).toBe(401);
    });

    it.each<[situation: string, headers: Record<string, string>, body: string]>([
      [
        'a change of password that is just replacing the cookie',
        { 'content-type': 'application/json', 'retry-after': '1' },
        '{"code":"refresh_invalid"}',
      ],
      ["a proxy's page", { 'content-type': 'text/html' }, '<h1>Who are you?</h1>'],
    ])('keeps the session after a 401 caused by %s', async (_, headers, body) => {
      await signIn();
      site.clock.advance({ minutes: 16 });
      const stop = site.trouble('/auth/refresh', (_request, response) => {
        stop();
        response.writeHead(401, headers).end(body);
      });
      expect(await page.evaluate(() => recipe.get().catch(() => 'later'))).not.toBe(401);
      expect(await get()).toBe(200);
    });

    it('keeps the session after an outage', async () => {
      await signIn();
      site.clock.advance({ minutes: 16 });
      const stop = site.trouble('/auth/refresh', (_request, response) => {
        stop();
        response.writeHead(503, { 'content-type': 'application/json' }).end('{"code":"busy"}');
      });
      await page.evaluate(() => recipe.get().catch(() => {}));
      expect(await get()).toBe(200);
    });
  });
}
