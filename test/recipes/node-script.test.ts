import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { startSite, type Site } from '../browser/site.js';
import { PASSWORD } from '../harness/test-app.js';
import { bundleOf } from './bundle-of.js';
import { documentedFiles } from '../package/documented-code.js';

/** Continues the documented client; the test reads its output. */
const DRIVER = `
  import { auth } from './node-auth.js';

  const twenty = async () => {
    const all = Array.from({ length: 20 }, () => auth.fetch('/guarded'));
    return (await Promise.all(all)).map(({ status }) => status);
  };
  await auth.login({ username: 'ada', password: process.env.API_PASSWORD });
  const rounds = [];
  for (let round = 0; round < 3; round += 1) {
    await fetch(process.env.API_URL + '/let-tokens-expire');
    rounds.push(await twenty());
  }
  await auth.logout();
  const { status } = await auth.fetch('/guarded');
  await auth.refresh('some other token');
  console.log(JSON.stringify({ rounds, status, state: auth.getState() }));
`;

describe('the documented script in Node', () => {
  let site: Site;

  beforeEach(async () => {
    site = await startSite({ script: '' });
    await site.loggedIn('ada');
    site.trouble('/let-tokens-expire', (_request, response) => {
      site.clock.advance({ minutes: 16 });
      response.end();
    });
  });
  afterEach(() => site.close());

  async function outputOf(code: string): Promise<string> {
    const script = await bundleOf(code, 'node');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', script],
      {
        env: { PATH: process.env.PATH, API_URL: site.url, API_USER: 'ada', API_PASSWORD: PASSWORD },
        timeout: 250_000,
      },
    );
    return stdout;
  }

  it('prints who is signed in, and leaves no session behind', async () => {
    const { id } = await site.users.findOneByOrFail({ username: 'ada' });
    expect(await outputOf(documentedFiles('browser').get('script.ts')!)).toContain(`id: '${id}'`);
    const [, ofTheScript] = await site.sessions.find({ order: { createdAt: 'ASC' } });
    expect(ofTheScript).toMatchObject({ revokedReason: 'logout' });
  });

  it('refreshes once for twenty requests with an expired token, and is signed out by its logout', async () => {
    expect(JSON.parse(await outputOf(DRIVER))).toEqual({
      rounds: Array(3).fill(Array(20).fill(200)),
      status: 401,
      state: { status: 'anonymous', reason: 'logout' },
    });
    expect(site.refreshes()).toBe(3);
    const sessions = await site.sessions.find({ order: { createdAt: 'ASC' } });
    expect(sessions.map(({ generation }) => generation)).toEqual([0, 3]);
  });
});
