import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HttpClient } from '../harness/http-client.js';
import { PASSWORD } from '../harness/test-secrets.js';
import {
  createConsumerApp,
  type ConsumerApp,
  type ModuleType,
  type RunningApp,
} from './consumer-app.js';
import { COOKIE, credentials, outcome, registered } from './consumer-client.js';
import { packPackage, type PackedPackage } from './packed-package.js';

const ORM = ['typeorm', '@nestjs/typeorm'];

let packed: PackedPackage | undefined;
beforeAll(async () => {
  packed = await packPackage();
});
afterAll(() => packed?.remove());

describe.each<ModuleType>(['module', 'commonjs'])(
  'an app on nestjs-refresh-auth/core without TypeORM, as %s,',
  (type) => {
    let consumer: ConsumerApp;
    let app: RunningApp;
    beforeAll(async () => {
      consumer = await createConsumerApp(packed, type, 'core-app', {
        without: [...ORM, 'better-sqlite3'],
        checksLibraries: true,
      });
      await consumer.compile();
      app = await consumer.start('main.js');
    });
    afterAll(() => consumer?.remove());

    it('registers, logs in, guards and refreshes', async () => {
      const { client, bearer } = await registered(app, 'ada');
      expect(outcome(await client.get('/hello', { bearer }))).toEqual([200, 'Hello, ada!']);
      expect(outcome(await client.get('/hello'))).toEqual([401, 'token_missing']);
      const wrong = { username: 'ada', password: `not ${PASSWORD}` };
      expect(outcome(await client.post('/auth/login', { body: wrong }))).toEqual([
        401,
        'invalid_credentials',
      ]);
      expect((await client.post('/auth/login', { body: credentials('ada') })).status).toBe(200);
      expect((await client.post('/auth/refresh')).status).toBe(200);
    });

    it('finds out a copied token', async () => {
      const { client, bearer } = await registered(app, 'grace');
      const copy = await client.jar.getCookieString(app.url);
      expect((await client.post('/auth/refresh')).status).toBe(200);
      const thief = await new HttpClient(app.url).post('/auth/refresh', { cookie: copy });
      expect(outcome(thief)).toEqual([401, 'refresh_reused']);
      expect(outcome(await client.get('/hello', { bearer }))).toEqual([401, 'session_revoked']);
    });

    it('logs out', async () => {
      const { client, bearer } = await registered(app, 'hedy');
      expect((await client.post('/auth/logout')).status).toBe(204);
      expect(await client.cookie(COOKIE)).toBeNull();
      expect(outcome(await client.get('/hello', { bearer }))).toEqual([401, 'session_revoked']);
    });

    it('loads no file of an ORM or of a database', async () => {
      const { body } = await new HttpClient(app.url).get('/scripts');
      const files = body as string[];
      expect(
        files.filter((file) => /nestjs-refresh-auth.dist.\w+.core\.js$/.test(file)),
      ).toHaveLength(1);
      const strangers = /node_modules.(typeorm|@nestjs.typeorm|better-sqlite3|pg|mysql2)\b/;
      expect(files.filter((file) => strangers.test(file))).toEqual([]);
    });

    it('is told by Node which package is missing, if it imports the main entry', async () => {
      const load = type === 'module' ? 'await import' : 'require';
      const file = join(consumer.folder, 'dist/main-entry.js');
      await writeFile(file, `${load}('nestjs-refresh-auth');`);
      await expect(consumer.run('main-entry.js')).rejects.toMatchObject({
        stderr: expect.stringMatching(
          /Cannot find package '@nestjs\/typeorm' imported from .*nestjs-refresh-auth.dist./,
        ),
      });
    });
  },
);
