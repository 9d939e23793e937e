import type { NestExpressApplication } from '@nestjs/platform-express';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AuthEvent } from 'nestjs-refresh-auth';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import { HttpClient } from '../harness/http-client.js';
import {
  adapters,
  PASSWORD,
  startTestApp,
  withTestApp,
  type TestApp,
} from '../harness/test-app.js';

const WRONG = `not ${PASSWORD}`;
const ATTEMPTS = 3;

const oneClient: [string, string[], string][] = [
  [
    'IPv4, each time from another port',
    ['203.0.113.8:50123', '203.0.113.8:50124', '203.0.113.8', '203.0.113.8:1'],
    '203.0.113.8',
  ],
  [
    'IPv6 in brackets, each time from another port',
    ['[2001:db8::1]:443', '[2001:db8::1]:444', '[2001:db8::1]', '2001:DB8::1'],
    '2001:db8::1',
  ],
  [
    'IPv4 within IPv6, in every spelling',
    ['::ffff:198.51.100.9', '[::FFFF:c633:6409]:1', '0:0:0:0:0:ffff:c633:6409', '198.51.100.9:2'],
    '198.51.100.9',
  ],
  [
    'IPv6 with a zone, in every spelling',
    ['fe80::1%eth0', 'fe80::1%25eth1', '[fe80::1%2]:1', 'FE80:0::1'],
    'fe80::1',
  ],
  ['what is no address', ['unknown', '_a1', 'x:y:z', '256.0.0.1:5'], 'unknown'],
];

describe.each(databaseKinds)(
  'behind a gateway with its own form of X-Forwarded-For, counted in $name,',
  (database) => {
    const events: AuthEvent[] = [];
    let test: TestApp;

    beforeAll(async () => {
      test = await startTestApp({
        database,
        options: {
          limits: {
            address: { attempts: ATTEMPTS },
            registration: { attempts: ATTEMPTS },
            store: 'database',
          },
          events: (event) => void events.push(event),
        },
        prepare: (app) => (app as NestExpressApplication).set('trust proxy', true),
      });
    });
    afterAll(() => test.close());

    const send = (path: string, username: string, password: string, from: string) =>
      test.client().post(path, {
        body: { username, password },
        headers: { 'x-forwarded-for': from },
      });

    it.each(oneClient)('%s is one client to every limit', async (_what, spellings, address) => {
      const statuses = {
        '/auth/login': [401, 401, 401, 429],
        '/auth/register': [201, 201, 201, 429],
      };
      for (const [path, expected] of Object.entries(statuses)) {
        const responses = [];
        for (const [i, from] of spellings.entries()) {
          const password = path === '/auth/login' ? WRONG : PASSWORD;
          responses.push(
            await send(path, `user-${i}-${address}`.replaceAll(':', '-'), password, from),
          );
        }
        expect(responses.map(({ status }) => status)).toEqual(expected);
      }
      const withAddress = events.splice(0).filter((event) => 'ip' in event);
      expect(new Set(withAddress.map((event) => 'ip' in event && event.ip))).toEqual(
        new Set([address]),
      );
      expect(await test.sessions.countBy({ ip: address })).toBe(ATTEMPTS);
    });

    it('a refresh shows the same address in the list of sessions as the login', async () => {
      const { client, accessToken: bearer } = await test.loggedIn();
      const headers = { 'x-forwarded-for': '[2001:DB8:7::1]:3' };
      expect((await client.post('/auth/refresh', { headers })).status).toBe(200);
      const { body } = await client.get('/auth/sessions', { bearer });
      expect(body).toMatchObject([{ ip: '2001:db8:7::1' }]);
    });
  },
);

/** There Node calls it `::ffff:127.0.0.1`. */
describe.each(adapters)('on a socket for IPv6 and IPv4, on %s,', (adapter) => {
  it('a client that comes by IPv4 has its IPv4 address, in events and in the list of sessions', async () => {
    const events: AuthEvent[] = [];
    const options = { events: (event: AuthEvent) => void events.push(event) };
    await withTestApp({ adapter, database: sqliteKind, host: '::', options }, async (test) => {
      const client = new HttpClient(`http://127.0.0.1:${new URL(test.url).port}`);
      const ada = { username: 'ada', password: PASSWORD };
      const { body: tokens } = await client.post('/auth/register', { body: ada });
      const { body: sessions } = await client.get('/auth/sessions', { bearer: tokens.accessToken });
      expect(sessions).toMatchObject([{ ip: '127.0.0.1' }]);
      await client.post('/auth/login', { body: { ...ada, password: WRONG } });
      expect(events).toMatchObject([
        { type: 'registered', ip: '127.0.0.1' },
        { type: 'login_failed', ip: '127.0.0.1' },
      ]);
    });
  });
});
