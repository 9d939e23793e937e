import { expect, it } from '@jest/globals';
import { useWindow, site, window } from './use-window.js';
import type { PageScope } from './page.js';
import { describeInChromium } from './chromium.js';
import { expectSessionPastLeeway, expiredTabs } from './sleeping-tabs.js';

declare const auth: PageScope['auth'];

const HOUR = 3_600_000;

useWindow();

describeInChromium('an outage', () => {
  it('of the network keeps the session, and the client recovers by itself', async () => {
    const tab = await window.tab();
    await tab.register('ada');
    await tab.sleep(HOUR);
    await window.context.setOffline(true);
    expect(await tab.fetch()).toBe('unreachable');
    expect(await tab.state()).toMatchObject({ status: 'stale' });
    await window.context.setOffline(false);
    await tab.untilState('authenticated');
    expect(await tab.fetch()).toBe(200);
  });

  it('of the network for a minute ends no session in two tabs', async () => {
    const tabs = await expiredTabs(site, window, 2);
    await window.context.setOffline(true);
    const waiting = tabs.map((tab) => tab.fetch());
    await tabs[0]!.untilState('stale');
    site.clock.advance({ minutes: 1 });
    await Promise.all(tabs.map((tab) => tab.sleep(60_000)));
    expect(await Promise.all(waiting)).toEqual(['unreachable', 'unreachable']);
    await window.context.setOffline(false);
    for (const tab of tabs) await tab.untilState('authenticated');
    await expectSessionPastLeeway(site, tabs);
  });

  it('that loses the response to a refresh ends no session if it ends within the leeway', async () => {
    const tabs = await expiredTabs(site, window, 2);
    const responses = site.holdResponses('/auth/refresh');
    const waiting = tabs.map((tab) => tab.fetch());
    await responses.held();
    responses.lose();
    const repair = site.trouble('/auth/refresh', ({ socket }) => socket.destroy());
    await tabs[0]!.untilState('stale');
    site.clock.advance({ seconds: 25 });
    repair();
    expect(await Promise.all(waiting)).toEqual([200, 200]);
    await expectSessionPastLeeway(site, tabs);
  });

  it('ends for the client when the network comes back, even before Retry-After', async () => {
    const tab = await window.tab();
    await tab.register('ada');
    await tab.sleep(HOUR);
    const stop = site.trouble('/auth/refresh', (_request, response) => {
      const headers = { 'content-type': 'application/json', 'retry-after': '3600' };
      response.writeHead(503, headers).end('{"code":"busy"}');
    });
    expect(await tab.fetch()).toBe('busy');
    stop();
    expect(await tab.fetch()).toBe('busy');
    expect(site.refreshes()).toBe(1);
    await window.context.setOffline(true);
    await window.context.setOffline(false);
    await tab.untilState('authenticated');
  });

  it('of the server for a while only delays callers', async () => {
    const tab = await window.tab();
    await tab.register('ada');
    await tab.sleep(HOUR);
    let left = 3;
    const stop = site.trouble('/auth/refresh', (_request, response) => {
      if ((left -= 1) === 0) stop();
      response.writeHead(503, { 'content-type': 'application/json' }).end('{"code":"busy"}');
    });
    const all = tab.page.evaluate(async () => {
      const twenty = Array.from({ length: 20 }, () => auth.fetch('/guarded'));
      return (await Promise.all(twenty)).map(({ status }) => status);
    });
    await tab.untilState('stale');
    expect(await all).toEqual(Array(20).fill(200));
    expect(site.refreshes()).toBe(4);
  });
});
