import { describe, expect, it } from '@jest/globals';
import { VerifiedTokenCache } from '../../../src/access/verified-token-cache.js';

const entry = (id: string) => ({
  sessionId: `s${id}`,
  exp: 900,
  user: { id, sessionId: `s${id}` },
});
const bytesOf = (token: string, id: string) =>
  token.length + 2 * JSON.stringify(entry(id).user).length;

const ofAda = () => {
  const claims = { tags: [{ name: 'x' }], address: { city: 'London' }, nickname: null };
  return { ...entry('1'), user: { ...entry('1').user, ...claims } };
};

describe('cached tokens', () => {
  it('are found with their content, by the whole token only', () => {
    const verified = new VerifiedTokenCache({ entries: 10, bytes: 10_000 });
    verified.add('a.b.c', entry('1'));
    expect(verified.get('a.b.c')).toEqual(entry('1'));
    for (const other of ['a.b.d', 'a.b', 'a.b.c.', '']) expect(verified.get(other)).toBeNull();
    expect(verified.size).toBe(1);
  });

  it('are found whatever characters a header can contain', () => {
    const verified = new VerifiedTokenCache({ entries: 10, bytes: 10_000 });
    verified.add('\u00e9.\u00ff.c', entry('1'));
    expect(verified.get('\u00e9.\u00ff.c')).toEqual(entry('1'));
  });

  it('are distinguished from tokens with the same ending', () => {
    const verified = new VerifiedTokenCache({ entries: 10, bytes: 10_000 });
    const signature = 's'.repeat(43);
    verified.add(`a.b.${signature}`, entry('1'));
    expect(verified.get(`a.c.${signature}`)).toBeNull();
    expect(verified.get(`a.b.${signature}`)).toEqual(entry('1'));
    expect(verified.get(signature)).toBeNull();
  });

  it('return a new user object to each caller', () => {
    const verified = new VerifiedTokenCache({ entries: 10, bytes: 10_000 });
    const given = ofAda();
    verified.add('a.b.c', given);
    for (const { user } of [given, verified.get('a.b.c') as typeof given]) {
      user.id = 'mallory';
      user.tags[0]!.name = 'y';
      user.address.city = 'Paris';
    }
    expect(verified.get('a.b.c')).toEqual(ofAda());
  });

  it('protect nested values of a user too', () => {
    const verified = new VerifiedTokenCache({ entries: 10, bytes: 10_000 });
    const user = {
      ...entry('1').user,
      roles: ['user'],
      home: { city: 'Paris', rooms: [{ n: 1 }] },
    };
    verified.add('a.b.c', { ...entry('1'), user });
    user.roles.push('admin');
    const first = verified.get('a.b.c')!.user as typeof user;
    first.roles.push('admin');
    first.home.rooms[0]!.n = 2;
    expect(verified.get('a.b.c')!.user).toEqual({
      ...entry('1').user,
      roles: ['user'],
      home: { city: 'Paris', rooms: [{ n: 1 }] },
    });
  });

  it('are limited in number: the least recently used one goes', () => {
    const verified = new VerifiedTokenCache({ entries: 2, bytes: 10_000 });
    verified.add('one', entry('1'));
    verified.add('two', entry('2'));
    verified.get('one');
    verified.add('six', entry('6'));
    expect(['one', 'two', 'six'].map((token) => verified.get(token)?.user.id)).toEqual([
      '1',
      undefined,
      '6',
    ]);
  });

  it('are limited in bytes, tokens and users together', () => {
    const bytes = bytesOf('one', '1') + bytesOf('two', '2');
    const [enough, less] = [bytes, bytes - 1].map((most) => {
      const verified = new VerifiedTokenCache({ entries: 10, bytes: most });
      verified.add('one', entry('1'));
      verified.add('two', entry('2'));
      return verified.size;
    });
    expect([enough, less]).toEqual([2, 1]);
  });
});
