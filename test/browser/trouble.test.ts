import { expect, it } from '@jest/globals';
import { useWindow, site, window } from './use-window.js';
import { describeInChromium } from './chromium.js';
import { expectSessionPastLeeway, expiredTabs } from './sleeping-tabs.js';
import { eventually } from './eventually.js';

useWindow();

describeInChromium('a tab that refreshes while it holds the lock and', () => {
  it('is closed releases the lock to the others', async () => {
    const [first, second] = await expiredTabs(site, window, 2);
    const responses = site.holdResponses('/auth/refresh');
    first!.fetch().catch(() => {});
    await responses.held();
    const waiting = second!.fetch();
    await first!.page.close();
    responses.release();
    expect(await waiting).toBe(200);
    expect(site.refreshes()).toBe(2);
    await expectSessionPastLeeway(site, [second!]);
  });

  it('crashes releases the lock to the others', async () => {
    const [first, second] = await expiredTabs(site, window, 2);
    const responses = site.holdResponses('/auth/refresh');
    first!.fetch().catch(() => {});
    await responses.held();
    const waiting = second!.fetch();
    await first!.crash();
    responses.release();
    expect(await waiting).toBe(200);
    await expectSessionPastLeeway(site, [second!]);
  });

  it('is reloaded still gets the cookie of the response that nobody waits for any more', async () => {
    const [tab] = await expiredTabs(site, window, 1);
    const before = await window.cookie();
    const responses = site.holdResponses('/auth/refresh');
    tab!.fetch().catch(() => {});
    await responses.held();
    await tab!.page.reload();
    responses.release();
    await eventually(async () => expect(await window.cookie()).not.toBe(before));
    site.clock.advance({ minutes: 1 });
    await tab!.start();
    expect(await tab!.ready()).toMatchObject({ status: 'authenticated' });
    await expectSessionPastLeeway(site, [tab!]);
  });

  it('loses the connection after the server has rotated gets the same successor again', async () => {
    const [tab] = await expiredTabs(site, window, 1);
    site.loseResponse('/auth/refresh');
    expect(await tab!.fetch()).toBe(200);
    expect(site.refreshes()).toBe(2);
    await expectSessionPastLeeway(site, [tab!]);
  });
});
