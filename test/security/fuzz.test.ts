import { setTimeout as pause } from 'node:timers/promises';
import type { INestApplication } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sqliteKind } from '../harness/databases.js';
import { ACCESS_SECRET, adapters, startTestApp, type TestApp } from '../harness/test-app.js';
import { hostileRequest, withTokens, type Tokens } from './hostile-requests.js';
import { RawClient, type RawResponse, type RawRequest } from './raw-request.js';
import { threadTimeMs } from './thread-time.js';

/** Both adapters together; FUZZ_INPUTS=100000 for a long search. */
const INPUTS = Number(process.env.FUZZ_INPUTS ?? 3000);
const LONGEST_STALL_MS = 100;
const NEW_TOKENS_EVERY = 40;

const trustProxy = (app: INestApplication) => {
  if (app.getHttpAdapter().getType() === 'express') {
    (app as NestExpressApplication).set('trust proxy', true);
  }
};

describe('the CPU time of a thread', () => {
  it('passes with blocking work, and not while waiting', async () => {
    const before = threadTimeMs();
    for (let i = 0; threadTimeMs() < before + 2 * LONGEST_STALL_MS; i += 1) {
      if (i > 1e7) throw new Error('Computing takes none.');
    }
    const between = threadTimeMs();
    await pause(2 * LONGEST_STALL_MS);
    expect(threadTimeMs() - between).toBeLessThan(LONGEST_STALL_MS);
  });
});

// Jest lets an unhandled rejection fail the running test.
describe.each(adapters)('any input sent to %s', (adapter) => {
  let test: TestApp;
  let raw: RawClient;
  let userId: string;

  beforeAll(async () => {
    const options = { limits: false, cookies: { access: true } } as const;
    test = await startTestApp({ database: sqliteKind, adapter, options, prepare: trustProxy });
    raw = new RawClient(test.url);
    const { username } = await test.loggedIn();
    userId = String((await test.users.findOneByOrFail({ username })).id);
  });
  afterAll(async () => {
    raw.close();
    await test.close();
  });

  async function freshTokens(): Promise<Tokens> {
    const { accessToken, refreshToken } = await test.auth.loginAs(userId);
    return { access: accessToken, refresh: refreshToken!.token };
  }

  /** Sends again if the server had closed the connection after the previous response. */
  const send = (request: RawRequest): Promise<RawResponse> =>
    raw.send(request).catch(() => {
      raw.close();
      raw = new RawClient(test.url);
      return raw.send(request);
    });

  /** The CPU milliseconds during a request: other requests can't have waited longer for it. */
  async function stallOf(request: RawRequest): Promise<{ response: RawResponse; stallMs: number }> {
    const before = threadTimeMs();
    const response = await send(request);
    return { response, stallMs: threadTimeMs() - before };
  }

  it(
    'gets a response, without a server error and without blocking others',
    async () => {
      let tokens = await freshTokens();
      let sent = 0;
      let repeated = 0;
      const statuses: Record<number, number> = {};
      await fc.assert(
        fc.asyncProperty(hostileRequest, async (request) => {
          if (sent % NEW_TOKENS_EVERY === 0) tokens = await freshTokens();
          sent += 1;
          const hostile = withTokens(request, tokens);
          let { response, stallMs } = await stallOf(hostile);
          statuses[response.status] = (statuses[response.status] ?? 0) + 1;
          expect(response.status).toBeLessThan(500);
          expect(response.text).not.toMatch(/node_modules|\.ts:\d|SELECT |Error:/);
          expect(response.text).not.toContain(ACCESS_SECRET);
          // Earlier garbage is collected at times; an input that really stalls does so every time.
          for (let again = 0; again < 5 && stallMs > LONGEST_STALL_MS; again += 1) {
            repeated += 1;
            ({ stallMs } = await stallOf(hostile));
          }
          expect(stallMs).toBeLessThanOrEqual(LONGEST_STALL_MS);
        }),
        { numRuns: Math.ceil(INPUTS / adapters.length), endOnFailure: false },
      );
      process.stderr.write(
        `${sent} inputs to ${adapter}: ${JSON.stringify(statuses)}, ${repeated} repeated to distinguish a stall from noise\n`,
      );
      expect((await send({ method: 'GET', path: '/auth/me' })).status).toBe(401);
      expect(({} as Record<string, unknown>).username).toBeUndefined();
    },
    60_000 + INPUTS * 20,
  );
});
