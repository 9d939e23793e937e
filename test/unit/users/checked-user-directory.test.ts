import { GoneException, HttpException, Logger, NotFoundException } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { EntityNotFoundError as TypeOrmNotFound } from 'typeorm/error/EntityNotFoundError.js';
import { CheckedUserDirectory } from '../../../src/users/checked-user-directory.js';
import type { UserDirectory } from '../../../src/users/user-directory.js';
import { callDirectly, returning, throwing } from './directories.js';

const USER = { id: '7', passwordHash: 'old', disabled: false, claims: {} };

describe('a user of the app', () => {
  it('has every field, whatever the directory left out', async () => {
    const user = { id: '7', passwordHash: null, disabled: false, claims: {} };
    for (const more of [{}, { claims: null }]) {
      const users = returning({ id: 7, passwordHash: null, ...more });
      expect(await users.findById('7')).toEqual(user);
      expect(await users.findByLogin('ada')).toEqual(user);
    }
  });

  it('has the directory’s values', async () => {
    const user = { id: 'u7', passwordHash: 'hash', disabled: true, claims: { a: 1 } };
    expect(await returning(user).findById('u7')).toEqual(user);
  });

  it.each([[null], [undefined]])(
    'does not exist, if the directory returns %p',
    async (response) => {
      expect(await returning(response).findById('7')).toBeNull();
    },
  );

  it.each<[unknown, string]>([
    ['', 'an empty text'],
    ['ada', 'a text'],
    [[], 'an array'],
    [[{ id: 7 }], 'an array'],
    [true, 'true'],
    [7, '7'],
    [() => ({ id: 7 }), 'a function'],
  ])('is not %p', async (response, what) => {
    const users = returning(response, { create: async () => response as never });
    const sentence = `returned ${what} in place of a user or null.`;
    await expect(users.findById('7')).rejects.toThrow(`UserDirectory.findById() ${sentence}`);
    await expect(users.create({ username: 'ada', passwordHash: 'h' })).rejects.toThrow(
      `UserDirectory.create() ${sentence}`,
    );
  });

  it.each([
    ['claims', { claims: 'admin' }, 'whose claims are a text.'],
    ['claims', { claims: ['admin'] }, 'whose claims are an array.'],
    ['claims', { claims: Promise.resolve({}) }, 'whose claims are a promise: await it.'],
    ['disabled', { disabled: Promise.resolve(false) }, 'whose disabled is a promise: await it.'],
    ['disabled', { disabled: () => false }, 'whose disabled is a function.'],
    [
      'passwordHash',
      { passwordHash: Buffer.from('x') },
      'whose passwordHash is an object (Buffer).',
    ],
  ])('has no %s of another kind', async (_field, change, sentence) => {
    const users = returning({ id: 7, passwordHash: null, ...change });
    await expect(users.findById('7')).rejects.toThrow(
      `UserDirectory.findById() returned a user ${sentence}`,
    );
  });

  it('is the requested one', async () => {
    const users = returning({ id: 8, passwordHash: null });
    await expect(users.findById('7')).rejects.toThrow(
      'UserDirectory.findById() was asked for one user and returned another.',
    );
    expect(await users.findByLogin('ada')).toMatchObject({ id: '8' });
  });

  it.each([{ id: 7 }, { id: 7, passwordHash: undefined }])(
    'whose hash the query left out is a mistake, and no user without a password: %p',
    async (given) => {
      for (const method of ['findByLogin', 'findById'] as const) {
        await expect(returning(given)[method]('7')).rejects.toThrow(
          `UserDirectory.${method}() returned a user whose passwordHash is undefined: have the query select it (TypeORM’s select: false leaves it out), or return null for a user who has no password.`,
        );
      }
      expect(await returning({ id: 7, passwordHash: null }).findByLogin('ada')).not.toBeNull();
    },
  );

  it('with an invalid id is logged once, whatever user it is', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const users = returning({ id: Promise.resolve(7), passwordHash: null });
    for (const id of ['7', '8']) await expect(users.findById(id)).rejects.toThrow('a promise');
    expect(error.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^UserDirectory\.findById\(\) returned a user whose id is a promise: await it\. An id is a text of 1 to 255 /,
        ),
      ],
    ]);
    error.mockRestore();
  });
});

const named = (name: string, more: object = {}) =>
  Object.assign(new Error('none'), { name, ...more });

describe('a directory that reports a missing user by an error', () => {
  beforeAll(() => Logger.overrideLogger(false));
  afterAll(() => Logger.overrideLogger(['error', 'warn', 'log']));

  const errors: [string, unknown][] = [
    ['Nest’s NotFoundException', new NotFoundException()],
    ['Nest’s GoneException', new GoneException()],
    ['TypeORM’s EntityNotFoundError', new TypeOrmNotFound(Object, {})],
    ['an error of that name', named('EntityNotFoundError')],
    ['TypeORM’s earlier EntityNotFound', named('EntityNotFound')],
    ['MikroORM’s NotFoundError', named('NotFoundError')],
    ['Mongoose’s DocumentNotFoundError', named('DocumentNotFoundError')],
    ['Sequelize’s EmptyResultError', named('EmptyResultError')],
    ['Prisma’s P2025', named('PrismaClientKnownRequestError', { code: 'P2025' })],
  ];
  it.each<[string, unknown]>([
    ['an HTTP client’s error', Object.assign(new Error('none'), { status: 404 })],
    ['the error of a search engine', { name: 'ResponseError', statusCode: 404 }],
    ['a name that no server resolves', named('NotFoundError', { code: 'ENOTFOUND' })],
    ...[
      { status: 404 },
      { statusCode: 404 },
      { response: { data: 'no backend' } },
      { request: { path: '/users/7' } },
      { errno: -3008 },
      { syscall: 'getaddrinfo' },
    ].map((more): [string, unknown] => [
      `an error of that name with a ${Object.keys(more)[0]}`,
      named('NotFoundError', more),
    ]),
    ...[404, 409, 429].map((status): [string, unknown] => [
      `another framework’s exception of status ${status}`,
      named('HttpException', { getStatus: () => status }),
    ]),
  ])('but not %s, which may be an outage', async (_what, error) => {
    const users = new CheckedUserDirectory(throwing(error), callDirectly);
    await expect(users.findByLogin('ada')).rejects.toBe(error);
    await expect(users.findById('7')).rejects.toBe(error);
    await expect(users.create({ username: 'ada', passwordHash: 'h' })).rejects.toBe(error);
    await expect(users.replacePasswordHash(USER, 'new')).rejects.toBe(error);
  });

  it.each(errors)('%s means the same as null', async (_what, error) => {
    const users = new CheckedUserDirectory(throwing(error), callDirectly);
    expect(await users.findByLogin('ada')).toBeNull();
    expect(await users.findById('7')).toBeNull();
    expect(await users.replacePasswordHash(USER, 'new')).toBe(false);
  });

  it.each([400, 401, 403, 409, 422, 423, 451, 499])(
    'on login %d too, so that nobody learns which name is refused',
    async (status) => {
      const users = new CheckedUserDirectory(
        throwing(new HttpException('No.', status)),
        callDirectly,
      );
      expect(await users.findByLogin('ada')).toBeNull();
      expect(await users.hasLookalike('Ada')).toBe(false);
    },
  );

  it.each(['no', null, undefined, 7, new Error('down'), { a: 1 }])(
    'does not do so with %p',
    async (error) => {
      const users = new CheckedUserDirectory(throwing(error), callDirectly);
      await expect(users.findById('7')).rejects.toBe(error);
    },
  );
});

describe('a directory without write methods', () => {
  it('is reported as such', () => {
    expect(returning(null).canRehash).toBe(false);
    expect(returning(null, { updatePasswordHash: async () => {} }).canRehash).toBe(true);
  });

  it('gets an error that names the missing method', async () => {
    const users = returning(null);
    await expect(users.create({ username: 'a', passwordHash: 'h' })).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'The UserDirectory of this app has no create().',
    });
    await expect(users.replacePasswordHash(USER, 'h')).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'The UserDirectory of this app has no updatePasswordHash().',
    });
  });
});

describe('a directory that can write', () => {
  /** With an own field, as classes have. */
  class Directory implements UserDirectory {
    readonly calls: unknown[] = [];

    async findByLogin() {
      return null;
    }

    async findById() {
      return null;
    }

    async create(user: { username: string; passwordHash: string }) {
      this.calls.push(user);
      return { id: 8, passwordHash: user.passwordHash };
    }

    async updatePasswordHash(...given: unknown[]) {
      this.calls.push(given);
    }
  }

  it('is called as a method of its object', async () => {
    const directory = new Directory();
    const users = new CheckedUserDirectory(directory, callDirectly);
    const user = { username: 'a', passwordHash: 'h' };
    expect(await users.create(user)).toMatchObject({ id: '8' });
    await users.replacePasswordHash(USER, 'new');
    expect(directory.calls).toEqual([user, ['7', 'new', 'old']]);
  });

  it.each<[string, unknown, stored: string, boolean]>([
    ['that it did', true, 'whatever', true],
    ['that it did not', false, 'whatever', false],
    ['nothing, and the new hash is there', undefined, 'new', true],
    ['nothing, and the new hash is not there', undefined, 'another', false],
    ['something else, and the new hash is not there', { affected: 1 }, 'another', false],
  ])(
    'has replaced a hash or not, if it returns %s',
    async (_what, returned, stored, isReplaced) => {
      const users = returning(
        { id: '7', passwordHash: stored },
        { updatePasswordHash: async () => returned as boolean },
      );
      expect(await users.replacePasswordHash(USER, 'new')).toBe(isReplaced);
    },
  );
});
