import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseKinds } from '../harness/databases.js';
import { PASSWORD, startTestApp, type TestApp } from '../harness/test-app.js';

describe.each(databaseKinds)('a name on $name', (database) => {
  let test: TestApp;

  beforeAll(async () => {
    test = await startTestApp({ database });
    await test.loggedIn('boss');
  });
  afterAll(() => test.close());

  const send = async (route: string, username: string) => {
    const body = { username, password: PASSWORD };
    const response = await test.client().post(`/auth/${route}`, { body });
    return [response.status, response.body.code];
  };

  it.each(['boss\u200b', 'bo\u00adss', '\u202eboss', ' boss', 'b\u043ess', '\u200b', 'boss\ufeff'])(
    'that looks like another one can’t be registered: %j',
    async (name) => {
      const count = await test.users.count();
      expect(await send('register', name)).toEqual([400, 'invalid_request']);
      expect(await test.users.count()).toBe(count);
    },
  );

  it.each(['BOSS', 'ｂｏｓｓ', 'Bo\uff53s'])(
    'that is another one in a different form is taken: %j',
    async (name) => {
      expect(await send('register', name)).toEqual([409, 'username_taken']);
      expect(await send('login', name)).toEqual([200, undefined]);
    },
  );

  it('whose letters all look like Latin ones is taken if the Latin one is', async () => {
    await test.loggedIn('capa');
    expect(await send('register', '\u0421\u0430\u0440\u0430')).toEqual([409, 'username_taken']);
    expect((await send('register', '\u0421\u0435\u0432\u0430'))[0]).toBe(201);
  });

  it.each([
    ['copy', 'сорү'],
    ['paÿ', 'раӱ'],
    ['nou', 'ոօս'],
    ['login', 'Ɩogin'],
    ['iris', 'ɩris'],
    ['admin', 'admın'],
    ['όρο', 'о\u0301ро'],
    ['nina', 'ΝΙΝΑ'],
    ['nikita', 'ΝΙΚΙΤΑ'],
    ['كريم', 'کریم'],
    ['علی', 'على'],
    ['王二', '王ニ'],
    ['李工', '李エ'],
    ['đorđe', 'ɖorɖe'],
    ['Đanel', 'Ðanel'],
    ['O’Brien', "o'brien"],
    ['Oʻktam', "O'ktam"],
  ])('is taken where %j and %j look the same, whichever was first', async (one, other) => {
    for (const [first, second] of [
      [`${one}`, `${other}`],
      [`${other}.7`, `${one}.7`],
    ]) {
      expect((await send('register', first!))[0]).toBe(201);
      expect(await send('register', second!)).toEqual([409, 'username_taken']);
      expect((await send('login', first!))[0]).toBe(200);
    }
  });

  it.each(['admı\u0307n', 'ȷohn', 'boss一x', 'boss➖x'])(
    'with letters or signs that look like others can’t be registered: %j',
    async (name) => {
      expect(await send('register', name)).toEqual([400, 'invalid_request']);
    },
  );

  it('from before still logs in', async () => {
    const { passwordHash } = await test.users.findOneByOrFail({ username: 'boss' });
    for (const username of ['bo\u00adss', 'b\u043ess', 'old  boss', 'Ꭰ', 'boss➖', 'ȷohn']) {
      const usernameKey = username.normalize('NFKC').toLowerCase();
      await test.users.insert({ username, usernameKey, passwordHash });
      expect(await send('login', username)).toEqual([200, undefined]);
    }
  });

  it('is stored in its one canonical form', async () => {
    expect((await send('register', 'Ｚｏｅ\u0308'))[0]).toBe(201);
    expect(await test.users.countBy({ username: 'Zoë' })).toBe(1);
  });
});
