import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppProcess, type AppProcess } from '../harness/app-process.js';
import { sqliteKind, type TestDatabase } from '../harness/databases.js';
import { HttpClient } from '../harness/http-client.js';

const OURS = 'https://app.example.com';

describe('the reference app with one allowed origin', () => {
  let database: TestDatabase;
  let app: AppProcess;

  beforeAll(async () => {
    database = await sqliteKind.create();
    app = await startAppProcess({
      databaseUrl: database.url,
      environment: { CORS_ORIGIN: OURS },
    });
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  const corsOf = async (method: string, origin: string) => {
    const { headers } = await new HttpClient(app.url).request(method, '/auth/refresh', {
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    return {
      origin: headers.get('access-control-allow-origin'),
      credentials: headers.get('access-control-allow-credentials'),
      vary: headers.get('vary'),
    };
  };

  it.each(['OPTIONS', 'POST'])(
    'lets its pages read the response to %s, with cookies',
    async (method) => {
      expect(await corsOf(method, OURS)).toMatchObject({ origin: OURS, credentials: 'true' });
    },
  );

  it.each([
    ['null', 'null'],
    ['a suffix', 'https://app.example.com.evil.example'],
    ['a prefix', 'https://evil-app.example.com'],
    ['a subdomain', 'https://x.app.example.com'],
    ['a parent', 'https://example.com'],
    ['another scheme', 'http://app.example.com'],
    ['another port', 'https://app.example.com:8443'],
    ['another case', 'https://APP.example.com'],
    ['a dot that is any character', 'https://app-example.com'],
    ['a user before it', 'https://app.example.com@evil.example'],
    ['its list as one', `${OURS}, https://evil.example`],
    ['everybody', '*'],
  ])('hides the response from %s', async (_what, origin) => {
    for (const method of ['OPTIONS', 'POST']) {
      expect((await corsOf(method, origin)).origin).toBeNull();
    }
  });

  it('sends Vary: Origin for caches', async () => {
    for (const origin of [OURS, 'https://evil.example']) {
      expect((await corsOf('POST', origin)).vary).toContain('Origin');
    }
  });
});
