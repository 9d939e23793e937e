/* oxlint-disable jest/expect-expect -- expectText is an expectation */
import { expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describeInChromium } from './chromium.js';
import { copied, expectText, makeAccount, signIn } from './demo.js';
import { browser, demo, page, useDemoPage } from './use-demo-page.js';

const run = promisify(execFile);

useDemoPage();

const signOut = () => page.getByRole('button', { name: 'Sign out', exact: true }).click();

async function account(): Promise<{ username: string; password: string }> {
  const [username, password] = await Promise.all(
    ['username', 'password'].map((name) => page.locator(`#account-${name}`).textContent()),
  );
  return { username: username!, password: password! };
}

describeInChromium('the account that the demo page makes up', () => {
  it('is shown before it is used, and opens the session that another browser signs in to', async () => {
    const user = await account();
    await makeAccount(page);
    await expectText(page.locator('#who'), user.username);
    const other = await demo.open(browser);
    await signIn(other.page, user);
    await expectText(other.page.locator('#who'), user.username);
  });

  it('is kept for the next visit, and signs in again', async () => {
    await makeAccount(page);
    const user = await account();
    await signOut();
    await expectText(page.locator('#state'), 'Signed out.');
    await page.reload();
    expect(await account()).toEqual(user);
    await page.getByRole('button', { name: `Sign in as ${user.username}` }).click();
    await expectText(page.locator('#who'), user.username);
  });

  it('is replaced by another if the server doesn’t know it any more', async () => {
    const lost = { username: 'guest-of-a-deleted-database', password: 'otter-otter-otter' };
    await page.evaluate(
      `localStorage.setItem('demo-account', '${JSON.stringify({ ...lost, isRegistered: true })}')`,
    );
    await page.reload();
    await page.getByRole('button', { name: `Sign in as ${lost.username}` }).click();
    await expectText(page.locator('#state'), 'This server doesn’t know that account any more.');
    await makeAccount(page);
    await expectText(page.locator('#who'), /^guest-\d{6}$/);
  });

  it('works with the lines for curl, first to register and later to sign in', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'curl-'));
    const { username } = await account();
    await page.getByText('Use it with curl').click();
    const curl = async () => {
      const { stdout } = await run('sh', ['-c', await copied(page, 'Lines for a shell')], {
        cwd: folder,
      });
      return stdout;
    };
    try {
      expect(await curl()).toContain(`"Welcome, ${username}! This is protected data."`);
      // The page finds its account registered, and signs in.
      await makeAccount(page);
      await expectText(page.locator('#who'), username);
      await expectText(page.locator('#curl'), '/auth/login');
      expect(await curl()).toContain(`"Welcome, ${username}! This is protected data."`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
