import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startAppProcess, type AppProcess } from '../harness/app-process.js';
import { sqliteKind, type TestDatabase } from '../harness/databases.js';

interface Operation {
  summary: string;
  security?: object[];
  requestBody?: { content: { 'application/json': { schema: unknown } } };
}

interface Description {
  paths: Record<string, Record<string, Operation>>;
  security: object[];
}

const text = (maxLength: number) => ({ type: 'string', minLength: 1, maxLength });

describe('the API of the reference app', () => {
  let database: TestDatabase;
  let app: AppProcess;
  let described: Description;

  beforeAll(async () => {
    database = await sqliteKind.create();
    app = await startAppProcess({ databaseUrl: database.url });
    described = (await (await fetch(`${app.url}/docs-json`)).json()) as Description;
  });
  afterAll(async () => {
    await app.stop();
    await database.drop();
  });

  it('is described at /docs, for people', async () => {
    const page = await fetch(`${app.url}/docs`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(await page.text()).toContain('nestjs-refresh-auth, the reference app');
  });

  it('is described route by route, each with a sentence, without the demo’s own routes', () => {
    const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method} ${path}`),
    );
    expect(operations.toSorted()).toEqual([
      'delete /auth/sessions/{id}',
      'get /api/protected',
      'get /auth/me',
      'get /auth/sessions',
      'get /health',
      'post /auth/login',
      'post /auth/logout',
      'post /auth/logout-all',
      'post /auth/password',
      'post /auth/refresh',
      'post /auth/register',
    ]);
    for (const methods of Object.values(described.paths)) {
      for (const { summary } of Object.values(methods)) expect(summary).toMatch(/^\w.{10,}/);
    }
  });

  it('describes each body by the schema that checks it', () => {
    const { schema } =
      described.paths['/auth/login']!.post!.requestBody!.content['application/json'];
    expect(schema).toEqual({
      type: 'object',
      properties: { username: text(255), password: text(1024) },
      required: ['username', 'password'],
    });
  });

  it('requires a token exactly where the description says so', async () => {
    const documented: string[] = [];
    const requiring: string[] = [];
    for (const [path, methods] of Object.entries(described.paths)) {
      for (const [method, { security = described.security }] of Object.entries(methods)) {
        if (security.length > 0) documented.push(path);
        const response = await fetch(`${app.url}${path.replace('{id}', 'x')}`, {
          method: method.toUpperCase(),
        });
        const { code } = (await response.json().catch(() => ({}))) as { code?: string };
        if (code === 'token_missing') requiring.push(path);
      }
    }
    expect(documented).toHaveLength(6);
    // The refresh cookie is a token too, but not one that a header carries.
    expect(requiring.filter((path) => path !== '/auth/refresh')).toEqual(documented);
  });

  it('is not described in production', async () => {
    const environment = { NODE_ENV: 'production' };
    const inProduction = await startAppProcess({ databaseUrl: database.url, environment });
    const responses = await Promise.all(
      ['/docs', '/docs-json'].map((path) => fetch(`${inProduction.url}${path}`)),
    );
    expect(responses.map(({ status }) => status)).toEqual([404, 404]);
    await inProduction.stop();
  });
});
