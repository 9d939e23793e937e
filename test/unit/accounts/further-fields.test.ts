import { describe, expect, it, jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import * as v from 'valibot';
import { furtherFields } from '../../../src/accounts/further-fields.js';
import type { StandardSchema } from '../../../src/input/standard-schema.js';
import { PASSWORD } from '../../harness/test-secrets.js';
import { inMemoryApp, refusalOf } from '../in-memory-app.js';

const withEmail = v.object({
  email: v.pipe(v.string(), v.email('must be an e-mail address')),
  language: v.optional(v.string(), 'en'),
});

const schemaOf = (validate: StandardSchema['~standard']['validate']): StandardSchema => ({
  '~standard': { version: 1, vendor: 'test', validate },
});

/** An app whose directory remembers what it created. */
function appWith(schema: StandardSchema | null) {
  const app = inMemoryApp({ furtherFields: schema && furtherFields(schema) });
  const created = jest.spyOn(app.userDirectory, 'create');
  const register = (fields?: unknown, password = PASSWORD) =>
    app.auth.register({ username: 'ada', password, fields });
  return { app, created, register };
}

describe('further fields of a registration', () => {
  it('come to the directory as the schema makes them', async () => {
    const { created, register } = appWith(withEmail);
    await register({ email: 'ada@example.com', role: 'admin' });
    expect(created.mock.calls).toEqual([
      [
        {
          username: 'ada',
          passwordHash: expect.any(String),
          fields: { email: 'ada@example.com', language: 'en' },
        },
      ],
    ]);
  });

  it('are ignored without a schema: the directory does not even see that there were any', async () => {
    const { created, register } = appWith(null);
    await register({ role: 'admin' });
    expect(Object.keys(created.mock.calls[0]![0])).toEqual(['username', 'passwordHash']);
  });

  it.each<[string, unknown, string]>([
    ['missing', {}, 'email: is missing'],
    ['left out with all the others', undefined, 'email: is missing'],
    ['wrong', { email: 'ada' }, 'email: must be an e-mail address'],
  ])('that are %s are named, and nobody is created', async (_what, fields, message) => {
    const { created, register } = appWith(withEmail);
    expect(await refusalOf(register(fields))).toMatchObject({ code: 'invalid_request', message });
    expect(created).not.toHaveBeenCalled();
  });

  it('are described by every library in the same way', async () => {
    const issues = [
      { message: 'must be shorter', path: ['address', { key: 'street' }] },
      { message: 'must be shorter', path: ['address', { key: 'street' }] },
      { message: 'is odd', path: ['tags', 0] },
      { message: 'x'.repeat(5000), path: ['long'] },
      { message: 'the whole is wrong' },
    ];
    const { register } = appWith(schemaOf(() => ({ issues })));
    const { message } = await refusalOf(register({}));
    expect(message).toBe(
      `address.street: must be shorter; tags.0: is odd; long: ${'x'.repeat(200)}; the whole is wrong`,
    );
  });

  it('that are wrong in a thousand ways are not all named', async () => {
    const issues = Array.from({ length: 1000 }, (_, i) => ({ message: 'wrong', path: [i] }));
    const { register } = appWith(schemaOf(() => ({ issues })));
    expect((await refusalOf(register({}))).message.split('; ')).toHaveLength(20);
  });

  it('may be checked by a schema that waits for something', async () => {
    const { created, register } = appWith(schemaOf(async () => ({ value: { team: 7 } })));
    await register({});
    expect(created.mock.calls[0]![0].fields).toEqual({ team: 7 });
  });

  it.each<[string, StandardSchema['~standard']['validate']]>([
    [
      'throws',
      () => {
        throw new TypeError('not ready for this');
      },
    ],
    ['rejects', async () => Promise.reject(new TypeError('not ready for this'))],
  ])('are a 400 where the schema %s, and the log says why', async (_how, validate) => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const { created, register } = appWith(schemaOf(validate));
    expect(await refusalOf(register({}))).toMatchObject({
      code: 'invalid_request',
      message: 'the further fields can not be checked',
    });
    expect(error.mock.calls).toEqual([
      [expect.stringContaining('not ready for this'), expect.stringContaining('TypeError')],
    ]);
    expect(created).not.toHaveBeenCalled();
    error.mockRestore();
  });

  it.each([null, 'text', 7, undefined])(
    'are the app’s mistake where it makes %p of them',
    async (value) => {
      const { created, register } = appWith(schemaOf(() => ({ value })));
      expect((await refusalOf(register({}))).code).toBe('misconfigured');
      expect(created).not.toHaveBeenCalled();
    },
  );

  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['null for issues', { value: {}, issues: null }],
    ['no issue', { issues: [] }],
    ['a text for issues', { issues: 'wrong' }],
    ['null as an issue', { issues: [null] }],
    ['an issue without a message', { issues: [{ path: ['email'] }] }],
    ['a text as a path', { issues: [{ message: 'wrong', path: 'a.b' }] }],
    ['an object as a key', { issues: [{ message: 'wrong', path: [{ key: {} }] }] }],
    ['a list as the fields', { value: [] }],
  ])('are the app’s mistake where its schema returns %s', async (_what, result) => {
    const { created, register } = appWith(schemaOf(() => result as never));
    expect((await refusalOf(register({}))).code).toBe('misconfigured');
    expect(created).not.toHaveBeenCalled();
  });

  it('keep the sentences of the app', async () => {
    const issues = [
      { message: 'Invalid key: take the one of your licence', path: ['licence'] },
      { message: 'Give a phone or an e-mail address' },
    ];
    const { register } = appWith(schemaOf(() => ({ issues })));
    expect((await refusalOf(register({}))).message).toBe(
      'licence: Invalid key: take the one of your licence; Give a phone or an e-mail address',
    );
  });

  it('are not named at any length: a client may choose the key of a record', async () => {
    const issues = [{ message: 'wrong', path: ['k'.repeat(1_000_000)] }];
    const { register } = appWith(schemaOf(() => ({ issues })));
    expect((await refusalOf(register({}))).message).toBe(`${'k'.repeat(100)}: wrong`);
  });

  it('are a 503 where the schema never answers, and the log says so', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const never = jest.fn(() => new Promise<never>(() => {}));
      const { register } = appWith(schemaOf(never));
      const refusal = refusalOf(register({}));
      while (never.mock.calls.length === 0) await jest.advanceTimersByTimeAsync(0);
      await jest.advanceTimersByTimeAsync(4_000);
      expect(await refusal).toMatchObject({ code: 'store_unavailable', retryAfter: 1 });
      expect(error.mock.calls).toEqual([[expect.stringContaining('No response within 4000 ms')]]);
    } finally {
      jest.useRealTimers();
      error.mockRestore();
    }
  });

  it('forge no line of the log, which says once where the schema throws', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const { register } = appWith(
      schemaOf((given) => {
        throw new Error(`can not read ${(given as { a: string }).a}`);
      }),
    );
    await refusalOf(register({ a: 'x\n[Nest] 1 - LOG' }));
    await refusalOf(register({ a: 'another' }));
    const [[line, stack], ...more] = error.mock.calls as [[string, string]];
    error.mockRestore();
    expect(more).toEqual([]);
    expect(line).toMatch(/can not read x<U\+000A>\[Nest\] 1 - LOG$/);
    expect(stack!.split('\n').filter((each) => !/^\s+at /.test(each))).toEqual([
      'Error: can not read x<U+000A>[Nest] 1 - LOG',
    ]);
  });

  it('can not be guessed without end: each attempt counts as a registration', async () => {
    const app = inMemoryApp({
      furtherFields: furtherFields(v.object({ invitation: v.literal('k9') })),
      options: { limits: { registration: { attempts: 3 } } },
    });
    const guess = () =>
      app.auth.register(
        { username: 'ada', password: PASSWORD, fields: { invitation: 'no' } },
        { ip: '192.0.2.9', userAgent: null },
      );
    const codes = [];
    for (let i = 0; i < 4; i += 1) codes.push((await refusalOf(guess())).code);
    expect(codes).toEqual([...Array(3).fill('invalid_request'), 'too_many_attempts']);
  });

  it('have an e-mail address that is not good as a password', async () => {
    const { register } = appWith(withEmail);
    const email = 'augusta.ada.king@example.com';
    const refusal = await refusalOf(register({ email }, 'augusta.ada.king1'));
    expect(refusal.message).toMatch(/^password: is made of your own/);
  });
});
