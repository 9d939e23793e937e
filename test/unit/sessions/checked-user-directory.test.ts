import { describe, expect, it } from '@jest/globals';
import { CheckedUserDirectory } from '../../../src/sessions/checked-user-directory.js';
import type { DirectoryUser, UserDirectory } from '../../../src/sessions/user-directory.js';

const USER = { id: '7', passwordHash: 'old', disabled: false, claims: {} };

const justAsk = <T>(question: () => Promise<T>) => question();

const answering = (user: unknown, more: Partial<UserDirectory> = {}) =>
  new CheckedUserDirectory(
    {
      findByLogin: async () => user as DirectoryUser,
      findById: async () => user as DirectoryUser,
      ...more,
    },
    justAsk,
  );

describe('a user of the app', () => {
  it('has every field, whatever the directory left out', async () => {
    const users = answering({ id: 7, passwordHash: null });
    const user = { id: '7', passwordHash: null, disabled: false, claims: {} };
    expect(await users.findById('7')).toEqual(user);
    expect(await users.findByLogin('ada')).toEqual(user);
  });

  it('is what the directory says', async () => {
    const user = { id: 'u7', passwordHash: 'hash', disabled: true, claims: { a: 1 } };
    expect(await answering(user).findById('u7')).toEqual(user);
  });

  it.each([[null], [undefined]])('is none, when the directory answers %p', async (answer) => {
    expect(await answering(answer).findById('7')).toBeNull();
  });

  it.each(['a', 'a b', 'a\nb', 'x'.repeat(255), '🦊', 0])('may have the id %j', async (id) => {
    expect(await answering({ id, passwordHash: null }).findById('7')).toMatchObject({
      id: String(id),
    });
  });

  it.each(['', ' ', ' a', 'a ', 'a\n', 'x'.repeat(256), null, undefined])(
    'may not have the id %j: what compares loosely could take it for another’s',
    async (id) => {
      await expect(answering({ id, passwordHash: null }).findById('7')).rejects.toThrow(
        "UserDirectory: a user's id must be a number or a text of 1 to 255 characters, without spaces around it.",
      );
    },
  );
});

describe('a directory that can’t write', () => {
  it('says so', () => {
    expect(answering(null).canRehash).toBe(false);
    expect(answering(null, { updatePasswordHash: async () => {} }).canRehash).toBe(true);
  });

  it('is told what it lacks', async () => {
    const users = answering(null);
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
  /** With a field of its own, as any class has. */
  class Directory implements UserDirectory {
    readonly asked: unknown[] = [];

    async findByLogin() {
      return null;
    }

    async findById() {
      return null;
    }

    async create(user: { username: string; passwordHash: string }) {
      this.asked.push(user);
      return { id: 8, passwordHash: user.passwordHash };
    }

    async updatePasswordHash(...given: unknown[]) {
      this.asked.push(given);
    }
  }

  it('is asked as the object that it is', async () => {
    const directory = new Directory();
    const users = new CheckedUserDirectory(directory, justAsk);
    const user = { username: 'a', passwordHash: 'h' };
    expect(await users.create(user)).toMatchObject({ id: '8' });
    await users.replacePasswordHash(USER, 'new');
    expect(directory.asked).toEqual([user, ['7', 'new', 'old']]);
  });

  it.each<[string, unknown, stored: string, boolean]>([
    ['that it did', true, 'whatever', true],
    ['that it did not', false, 'whatever', false],
    ['nothing, and the new hash is there', undefined, 'new', true],
    ['nothing, and the new hash is not there', undefined, 'another', false],
    ['something else, and the new hash is not there', { affected: 1 }, 'another', false],
  ])('has replaced a hash or not, where it says %s', async (_what, said, stored, isReplaced) => {
    const users = answering(
      { id: '7', passwordHash: stored },
      { updatePasswordHash: async () => said as boolean },
    );
    expect(await users.replacePasswordHash(USER, 'new')).toBe(isReplaced);
  });
});
