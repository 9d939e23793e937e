import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';
import type { PageScope } from './page.js';
import { describeInChromium, launchChromium } from './chromium.js';
import { startSite, startStranger, type Site } from './site.js';
import { sleepUntilExpired } from './sleeping-tabs.js';
import { eventually } from './eventually.js';
import { openWindow, type Window } from './tabs.js';

declare const auth: PageScope['auth'];

const HOUR = 3_600_000;

let browser: Browser;
let site: Site;
let window: Window;

beforeAll(async () => {
  browser = await launchChromium();
});
afterAll(() => browser?.close());
beforeEach(async () => {
  site = await startSite();
});
afterEach(async () => {
  await window.close();
  await site.close();
});

describeInChromium('a page', () => {
  it('never sees the refresh token, and stores no token that the next page could find', async () => {
    window = await openWindow(browser, site.url);
    const tab = await window.tab();
    await tab.register('ada');
    await tab.refresh();
    const token = (await tab.refresh())!;
    const cookie = (await window.cookie())!;
    expect(token).toMatch(/^ey/);
    expect(cookie).toMatch(/^ey/);
    const found = await tab.page.evaluate(async () => {
      const page = globalThis as unknown as {
        document: { cookie: string };
        localStorage: object;
        sessionStorage: object;
        indexedDB: { databases(): Promise<unknown[]> };
        caches: { keys(): Promise<unknown[]> };
      };
      return {
        cookie: page.document.cookie,
        local: JSON.stringify(page.localStorage),
        session: JSON.stringify(page.sessionStorage),
        databases: (await page.indexedDB.databases()).length,
        caches: (await page.caches.keys()).length,
      };
    });
    expect(found).toEqual({ cookie: '', local: '{}', session: '{}', databases: 0, caches: 0 });
    const { cookies, origins } = await window.context.storageState();
    expect(origins).toEqual([]);
    expect(cookies.every(({ httpOnly }) => httpOnly)).toBe(true);
  });

  it('finds its user again after a reload, and in a new tab, which queries the other tabs first', async () => {
    window = await openWindow(browser, site.url);
    const tab = await window.tab();
    await tab.register('ada');
    const user = await tab.whoAmI();
    await tab.page.reload();
    await tab.start();
    expect(await tab.whoAmI()).toBe(user);
    expect(site.refreshes()).toBe(1);
    const other = await window.tab();
    expect(await other.whoAmI()).toBe(user);
    expect(site.refreshes()).toBe(0);
  });

  it.each([
    ['ahead', 2 * HOUR],
    ['behind', -2 * HOUR],
  ])('whose clock is two hours %s signs in as usual', async (_, clockError) => {
    window = await openWindow(browser, site.url, { clockError });
    const [tab, other] = await window.tabs(2);
    await tab!.register('ada');
    for (let i = 0; i < 3; i += 1) {
      expect(await tab!.fetch()).toBe(200);
      expect(await other!.fetch()).toBe(200);
    }
    expect(site.refreshes()).toBe(0);
    site.clock.advance({ minutes: 16 });
    await tab!.sleep(16 * 60_000);
    await other!.sleep(16 * 60_000);
    expect(await Promise.all([tab!.fetch(), other!.fetch()])).toEqual([200, 200]);
    expect(site.refreshes()).toBe(1);
  });

  it('whose clock is corrected by two hours, either way, stays signed in', async () => {
    window = await openWindow(browser, site.url);
    const tab = await window.tab();
    await tab.register('ada');
    for (const jump of [2 * HOUR, -4 * HOUR, 2 * HOUR]) {
      await tab.sleep(jump);
      expect(await tab.fetch()).toBe(200);
    }
    expect(site.refreshes()).toBe(1);
  });

  it('resends forms, files and requests unchanged after a refresh', async () => {
    window = await openWindow(browser, site.url);
    const bodies: string[] = [];
    const refused: string[] = [];
    site.trouble('/echo', (request, response) => {
      let body = '';
      request.on('data', (chunk) => (body += String(chunk)));
      request.on('end', () => {
        const type = request.headers['content-type'] ?? '';
        const content = body.replaceAll(type.split('boundary=')[1] ?? 'none', '');
        const isFirst = refused.length === bodies.length;
        (isFirst ? refused : bodies).push(content);
        response.statusCode = isFirst ? 401 : 200;
        response.end(isFirst ? '{"code":"token_expired"}' : '{}');
      });
    });
    const tab = await window.tab();
    await tab.register('ada');
    const statuses = await tab.page.evaluate(async () => {
      const form = new FormData();
      form.set('file', new Blob(['content']), 'a.txt');
      const sent = [];
      for (const body of ['text', new Blob(['blob']), form, new URLSearchParams({ a: '1' })]) {
        sent.push((await auth.fetch('/echo', { method: 'POST', body })).status);
      }
      const request = new Request('/echo', { method: 'POST', body: 'request' });
      return [...sent, (await auth.fetch(request)).status];
    });
    expect(statuses).toEqual([200, 200, 200, 200, 200]);
    expect(bodies).toEqual(refused);
    expect(bodies.join()).toMatch(/text.*blob.*content.*a=1.*request/s);
  });

  it('sends its token to no other origin, not even after a redirect', async () => {
    window = await openWindow(browser, site.url);
    const stranger = await startStranger();
    site.trouble('/away', (_request, response) => {
      response.writeHead(307, { location: `${stranger.url}/` }).end();
    });
    const tab = await window.tab();
    await tab.register('ada');
    expect(await tab.fetch(`${stranger.url}/direct`)).toBe(200);
    expect(await tab.fetch('/away')).toBe(200);
    stranger.close();
    expect(stranger.seen).toHaveLength(2);
    for (const headers of stranger.seen) expect(headers.authorization).toBeUndefined();
  });
});

describeInChromium('two tabs', () => {
  it('are both signed out for good if one logs out while the other refreshes', async () => {
    window = await openWindow(browser, site.url);
    const [first, second] = await window.tabs(2);
    await first!.register('ada');
    await second!.ready();
    const responses = site.holdResponses('/auth/refresh');
    const refresh = first!.refresh();
    await responses.held();
    const logout = second!.logout();
    await eventually(async () => expect(await second!.locks()).toEqual({ held: 1, pending: 1 }));
    responses.release();
    await Promise.all([refresh, logout]);
    for (const tab of [first!, second!]) {
      await tab.untilState('anonymous');
      expect(await tab.fetch()).toBe(401);
    }
    expect(await window.cookie()).toBeUndefined();
    await first!.page.reload();
    await first!.start();
    expect(await first!.ready()).toEqual({ status: 'anonymous', reason: 'refresh_missing' });
  });

  it('are both signed out without locks too, if the response to the refresh comes last', async () => {
    window = await openWindow(browser, site.url, { without: ['locks'] });
    const [first, second] = await window.tabs(2);
    await first!.register('ada');
    await second!.ready();
    const responses = site.holdResponses('/auth/refresh');
    const refresh = first!.refresh();
    await responses.held();
    await second!.logout();
    await first!.untilState('anonymous');
    responses.release();
    expect(await refresh).toBeUndefined();
    for (const tab of [first!, second!]) {
      expect(await tab.state()).toEqual({ status: 'anonymous', reason: 'logout' });
    }
    await second!.page.reload();
    await second!.start();
    expect((await second!.ready()).status).toBe('anonymous');
  });

  it('continue as the new user if one logs in again while the other refreshes', async () => {
    window = await openWindow(browser, site.url);
    const [first, second] = await window.tabs(2);
    await first!.register('grace');
    const grace = await first!.whoAmI();
    await first!.logout();
    await first!.register('ada');
    await second!.ready();
    const responses = site.holdResponses('/auth/refresh');
    const refresh = first!.refresh();
    await responses.held();
    const login = second!.login('grace');
    await eventually(async () => expect(await second!.locks()).toEqual({ held: 1, pending: 1 }));
    responses.release();
    await Promise.all([refresh, login]);
    expect(await second!.whoAmI()).toBe(grace);
    expect(await first!.whoAmI()).toBe(grace);
    await first!.page.reload();
    await first!.start();
    expect(await first!.whoAmI()).toBe(grace);
  });

  it('show the new user without locks too, but the cookie that comes last belongs to the old one', async () => {
    window = await openWindow(browser, site.url, { without: ['locks'] });
    const [first, second] = await window.tabs(2);
    await first!.register('grace');
    const grace = await first!.whoAmI();
    await first!.logout();
    await first!.register('ada');
    await second!.ready();
    const responses = site.holdResponses('/auth/refresh');
    const refresh = first!.refresh();
    await responses.held();
    await second!.login('grace');
    responses.release();
    await refresh;
    expect(await first!.whoAmI()).toBe(grace);
    expect(await second!.whoAmI()).toBe(grace);
    // Only a lock can prevent this, see docs/guides/browser-client.md.
    await sleepUntilExpired(site, [first!, second!]);
    expect(await first!.fetch()).toBe(401);
    await second!.untilState('anonymous');
  });
});
