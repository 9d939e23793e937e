import { expect, it } from '@jest/globals';
import { givenAWindow, site, window } from './a-window.js';
import { describeInChromium } from './chromium.js';
import { pastLeeway, signedInAndSlept } from './sleeping.js';
import { expectSoon } from './soon.js';

givenAWindow();

describeInChromium('a tab that refreshes, with the lock in its hands, and', () => {
  it('is closed, leaves the lock to the others', async () => {
    const [first, second] = await signedInAndSlept(site, window, 2);
    const answers = site.holdAnswers('/auth/refresh');
    first!.fetch().catch(() => {});
    await answers.held();
    const waiting = second!.fetch();
    await first!.page.close();
    answers.release();
    expect(await waiting).toBe(200);
    expect(site.refreshes()).toBe(2);
    await pastLeeway(site, [second!]);
  });

  it('crashes, leaves the lock to the others', async () => {
    const [first, second] = await signedInAndSlept(site, window, 2);
    const answers = site.holdAnswers('/auth/refresh');
    first!.fetch().catch(() => {});
    await answers.held();
    const waiting = second!.fetch();
    await first!.crash();
    answers.release();
    expect(await waiting).toBe(200);
    await pastLeeway(site, [second!]);
  });

  it('is reloaded, still gets the cookie of the answer that nobody waits for any more', async () => {
    const [tab] = await signedInAndSlept(site, window, 1);
    const before = await window.cookie();
    const answers = site.holdAnswers('/auth/refresh');
    tab!.fetch().catch(() => {});
    await answers.held();
    await tab!.page.reload();
    answers.release();
    await expectSoon(async () => expect(await window.cookie()).not.toBe(before));
    site.clock.advance({ minutes: 1 });
    await tab!.start();
    expect(await tab!.ready()).toMatchObject({ status: 'authenticated' });
    await pastLeeway(site, [tab!]);
  });

  it('loses the connection after the server has rotated, gets the same again', async () => {
    const [tab] = await signedInAndSlept(site, window, 1);
    site.loseAnswer('/auth/refresh');
    expect(await tab!.fetch()).toBe(200);
    expect(site.refreshes()).toBe(2);
    await pastLeeway(site, [tab!]);
  });
});
