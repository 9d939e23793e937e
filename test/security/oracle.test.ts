import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sqliteKind } from '../harness/databases.js';
import { PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';
import { RawClient, type RawResponse } from './raw-request.js';

const PAIRS = 200;
/** On a busy machine one measurement can be wrong; a real difference shows every time. */
const MOST_ATTEMPTS = 3;
const LARGEST_DIFFERENCE = 0.05;

const median = (numbers: number[]): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]!;

function visibleParts({ status, headers, text }: RawResponse) {
  const { date: _, ...others } = headers;
  return { status, headers: others, text };
}

describe('a client that tries names', () => {
  let test: TestApp;
  let raw: RawClient;
  let known: string;

  beforeAll(async () => {
    test = await startTestApp({ database: sqliteKind, options: { limits: false } });
    raw = new RawClient(test.url);
    ({ username: known } = await test.loggedIn());
  });
  afterAll(async () => {
    raw.close();
    await test.close();
  });

  const login = (username: string): Promise<RawResponse> =>
    raw.send({
      method: 'POST',
      path: '/auth/login',
      headers: ['Content-Type', 'application/json'],
      body: JSON.stringify({ username, password: `not ${PASSWORD}` }),
    });

  it('receives the same bytes whether the user exists or not', async () => {
    const disabled = await test.loggedIn();
    await test.users.update({ username: disabled.username }, { disabled: 1 });
    const passwordless = await test.loggedIn();
    await test.users.update({ username: passwordless.username }, { passwordHash: '' });
    const broken = await test.loggedIn();
    const passwordHash = '$argon2id$v=19$m=4194304,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g';
    await test.users.update({ username: broken.username }, { passwordHash });

    const expected = visibleParts(await login('nobody'));
    expect(expected.status).toBe(401);
    for (const { username } of [{ username: known }, disabled, passwordless, broken]) {
      expect(visibleParts(await login(username))).toEqual(expected);
    }
  });

  it(`waits the same time, by the median of ${PAIRS} pairs, within 5 %`, async () => {
    for (let i = 0; i < 5; i += 1) await Promise.all([login(known), login('nobody')]);
    const differences: number[] = [];
    while (differences.length < MOST_ATTEMPTS) {
      differences.push(await measuredDifference());
      if (Math.abs(differences.at(-1)!) < LARGEST_DIFFERENCE) break;
    }
    process.stderr.write(`Known against unknown users: ${differences.map(percent).join(', ')}\n`);
    expect(Math.min(...differences.map(Math.abs))).toBeLessThan(LARGEST_DIFFERENCE);
  });

  /**
   * How much longer a known user takes: the median of pairs that follow each other at once, so that other work of
   * the machine affects both equally; the first of a pair alternates.
   */
  async function measuredDifference(): Promise<number> {
    const ratios: number[] = [];
    for (let pair = 0; pair < PAIRS; pair += 1) {
      const names = [known, `nobody${pair}`];
      const times: Record<string, number> = {};
      for (const name of pair % 2 === 0 ? names : names.toReversed()) {
        const start = performance.now();
        await login(name);
        times[name] = performance.now() - start;
      }
      ratios.push(times[known]! / times[`nobody${pair}`]!);
    }
    return median(ratios) - 1;
  }
});

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
