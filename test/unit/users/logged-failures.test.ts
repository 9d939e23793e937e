import { BadRequestException, ConflictException, Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { storeCall } from '../../../src/outages/store-call.js';
import { CheckedUserDirectory } from '../../../src/users/checked-user-directory.js';
import { refusalOf } from '../in-memory-app.js';
import { callDirectly, throwing } from './directories.js';

describe('the log of a directory’s failures', () => {
  let logged: ReturnType<typeof jest.spyOn>;

  beforeEach(() => {
    logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it.each<[string, (id: string) => unknown, messages: number]>([
    ['one place, whatever user it is', (id) => new Error(`No row for ${id}.`), 1],
    ['one place, whatever its text is like', (id) => new Error(`User ${id} at two shards.`), 1],
    ['two places', (id) => (id === '7' ? new Error('Down.') : new Error('Down.')), 2],
    ['no place, with one text', () => 'down', 1],
    ['no place, with a text for each user', (id) => `no row for ${id}`, 2],
    ['a place that is no text', (id) => Object.assign(new Error(id), { stack: 7 }), 2],
    ['HTTP exceptions of one class', (id) => new BadRequestException(id), 1],
    [
      'HTTP exceptions of two classes',
      (id) => (id === '7' ? new BadRequestException() : new ConflictException()),
      2,
    ],
  ])('has a message for each mistake: %s', async (_what, errorFor, messages) => {
    const findById = async (id: string) => {
      throw errorFor(id);
    };
    const users = new CheckedUserDirectory({ findByLogin: findById, findById }, callDirectly);
    for (const id of ['7', '8']) {
      const refused = await refusalOf(users.findById(id));
      expect(String(refused.cause ?? refused)).toBe(String(errorFor(id)));
    }
    expect(logged).toHaveBeenCalledTimes(messages);
  });

  it.each<[string, (users: CheckedUserDirectory) => Promise<unknown>]>([
    ['findByLogin', (users) => users.findByLogin('ada')],
    ['findByLogin', (users) => users.hasLookalike('Ada')],
    ['findById', (users) => users.findById('7')],
    ['create', (users) => users.create({ username: 'ada', passwordHash: 'h' })],
  ])('names the method: %s()', async (method, call) => {
    const users = new CheckedUserDirectory(throwing('down'), callDirectly);
    await expect(call(users)).rejects.toBe('down');
    expect(logged.mock.calls).toEqual([
      [`UserDirectory.${method}() threw, which becomes a 503: down`],
    ]);
  });

  it('and its event tell a broken contract from an outage', async () => {
    const events: unknown[] = [];
    const callStore = storeCall({ emit: (event) => events.push(event) }, 'user directory');
    const users = new CheckedUserDirectory(
      { findByLogin: async () => null, findById: async () => 'ada' as never },
      callStore,
    );
    expect(await refusalOf(users.findById('7'))).toMatchObject({ code: 'store_unavailable' });
    const sentence = 'UserDirectory.findById() returned a text in place of a user or null.';
    expect(logged.mock.calls).toEqual([[sentence]]);
    const cause = `DirectoryFault: ${sentence}`;
    expect(events).toEqual([{ type: 'store_unavailable', cause, source: 'user directory' }]);
  });
});
