import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { DirectoryUser, UserDirectory } from 'nestjs-refresh-auth';
import { MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { sqliteKind as database } from '../harness/databases.js';
import { adapters, PASSWORD, withTestApp } from '../harness/test-app.js';

/** Users with long tokens. */
function usersOf(groups: number): UserDirectory {
  const users = new MemoryUserDirectory();
  const withGroups = <T extends DirectoryUser | null>(user: T) =>
    user && { ...user, claims: { groups: 'g'.repeat(groups) } };
  return {
    findByLogin: async (login) => withGroups(await users.findByLogin(login)),
    findById: async (id) => withGroups(await users.findById(id)),
    create: async (user) => withGroups(await users.create(user)),
  } as UserDirectory;
}

describe.each(adapters)('a response with long cookies, on %s', (adapter) => {
  let warned: string[];
  beforeEach(() => {
    warned = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((sentence) => {
      warned.push(String(sentence));
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
  });

  async function warningsOf(groups: number, access: boolean) {
    const options = { users: usersOf(groups), cookies: { access } };
    return withTestApp({ adapter, database, options }, async (test) => {
      const client = test.client();
      const credentials = { username: 'ada', password: PASSWORD };
      const { status, headers } = await client.post('/auth/register', { body: credentials });
      await client.post('/auth/login', { body: credentials });
      const bytes = headers.getSetCookie().reduce((sum, line) => sum + line.length, 0);
      expect(status).toBe(201);
      return {
        bytes,
        warnings: warned.filter((sentence) => sentence.includes('proxy_buffer_size')),
      };
    });
  }

  it('is warned about once, before nginx would refuse it', async () => {
    const { bytes, warnings } = await warningsOf(1800, true);
    expect(bytes).toBeGreaterThan(3000);
    expect(bytes).toBeLessThan(4096);
    expect(warnings).toEqual([
      expect.stringMatching(/cookies of \d{4} bytes.*fewer or shorter claims/),
    ]);
  });

  it('is not warned about without need', async () => {
    expect((await warningsOf(300, true)).warnings).toEqual([]);
    expect((await warningsOf(1800, false)).warnings).toEqual([]);
  });
});
