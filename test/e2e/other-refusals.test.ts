import type { INestApplication } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { sqliteKind } from '../harness/databases.js';
import { adapters, PASSWORD, withTestApp } from '../harness/test-app.js';

/** An error as of http-errors, which rate limiters and CSRF middlewares give to the framework, before any guard. */
function refuseFirst(app: INestApplication, refusal: Error): void {
  const instance: unknown = app.getHttpAdapter().getInstance();
  const { addHook } = instance as { addHook?: (name: string, hook: () => Promise<never>) => void };
  if (addHook === undefined) {
    app.use('/auth/login', (_request: object, _response: object, next: (error: Error) => void) =>
      next(refusal),
    );
    return;
  }
  addHook.call(instance, 'preHandler', async () => {
    throw refusal;
  });
}

describe.each(adapters)('a refusal by the app’s own middleware on %s', (adapter) => {
  it.each([401, 403, 418, 429])(
    'keeps its status, %i, and gets no code of the module',
    async (status) => {
      const prepare = (app: INestApplication) =>
        refuseFirst(
          app,
          Object.assign(new Error('Not now.'), { statusCode: status, status, expose: true }),
        );
      await withTestApp({ database: sqliteKind, adapter, prepare }, async (test) => {
        const body = { username: 'ada', password: PASSWORD };
        const response = await test.client().post('/auth/login', { body });
        expect(response.status).toBe(status);
        expect(response.headers.get('auth-error-code')).toBeNull();
      });
    },
  );
});
