import { strict as assert } from 'node:assert';

const PASSWORD = 'correct horse battery staple';

/**
 * What users of an app do with it, step by step, by HTTP alone.
 * @param {string} url of the app
 * @returns {Promise<string[]>} the steps that held, in their order; the first that doesn't is thrown
 */
export async function runFlow(url) {
  const held = [];
  const step = async (name, work) => {
    try {
      await work();
    } catch (error) {
      throw new Error(`step ${held.length + 1}, ${name}: ${error.message}`, { cause: error });
    }
    held.push(name);
  };
  const browser = new Browser(url);
  const other = new Browser(url);
  const thief = new Browser(url);
  const ada = { username: 'Ada', password: PASSWORD };

  await step('a registration without the app’s own field is refused', async () => {
    const { status, body, headers } = await browser.post('/auth/register', ada);
    assert.deepEqual([status, body.code], [400, 'invalid_request']);
    assert.match(body.message, /^email: /);
    assert.equal(headers.get('auth-error-code'), 'invalid_request');
  });
  await step('a registration signs in', async () => {
    const email = 'ada@example.com';
    const { status } = await browser.post('/auth/register', { ...ada, email });
    assert.equal(status, 201);
    assert.match(browser.cookie, /^refresh_token=/);
  });
  await step('a guarded route knows the user', async () => {
    const { status, body } = await browser.get('/profile');
    assert.deepEqual([status, body.email], [200, 'ada@example.com']);
  });
  await step('a guarded route refuses a stranger', async () => {
    const { status, body, headers } = await other.get('/profile');
    assert.deepEqual([status, body.code], [401, 'token_missing']);
    assert.equal(headers.get('www-authenticate'), 'Bearer');
  });
  await step('a forged token is refused', async () => {
    other.accessToken = `${browser.accessToken.slice(0, -3)}xyz`;
    assert.equal((await other.get('/profile')).body.code, 'token_invalid');
  });
  await step('a member may not do what an admin may', async () => {
    const { status, body } = await browser.get('/profile/all');
    assert.deepEqual([status, body.code], [403, 'insufficient_role']);
  });
  await step('a refresh gives new tokens', async () => {
    const before = browser.cookie;
    thief.cookie = before;
    assert.equal((await browser.post('/auth/refresh')).status, 200);
    assert.notEqual(browser.cookie, before);
  });
  await step('another site can’t refresh', async () => {
    const headers = { origin: 'https://evil.example' };
    assert.equal(
      (await browser.post('/auth/refresh', undefined, headers)).body.code,
      'csrf_rejected',
    );
  });
  await step('a replayed token is found out, and its cookie deleted', async () => {
    await browser.post('/auth/refresh');
    const { status, body } = await thief.post('/auth/refresh');
    assert.deepEqual([status, body.code], [401, 'refresh_reused']);
    assert.equal(thief.cookie, '');
  });
  await step('the session is over for both', async () => {
    assert.equal((await browser.post('/auth/refresh')).status, 401);
    assert.equal((await browser.get('/profile')).body.code, 'session_revoked');
  });
  await step('a wrong password is refused', async () => {
    const wrong = { ...ada, password: 'wrong horse battery staple' };
    assert.equal((await browser.post('/auth/login', wrong)).body.code, 'invalid_credentials');
  });
  await step('a login works, on two devices', async () => {
    for (const each of [browser, other]) {
      assert.equal((await each.post('/auth/login', ada)).status, 200);
    }
  });
  await step('sessions are listed', async () => {
    const { body } = await browser.get('/auth/sessions');
    assert.deepEqual(body.map(({ current }) => current).toSorted(), [false, true]);
  });
  await step('one session ends another', async () => {
    const { body } = await browser.get('/auth/sessions');
    const { id } = body.find(({ current }) => !current);
    assert.equal((await browser.send('DELETE', `/auth/sessions/${id}`)).status, 204);
    assert.equal((await other.get('/profile')).body.code, 'session_revoked');
  });
  await step('a change of password keeps this session', async () => {
    const newPassword = 'staple battery horse correct';
    const change = { currentPassword: PASSWORD, newPassword };
    assert.equal((await browser.post('/auth/password', change)).status, 204);
    assert.equal((await browser.post('/auth/refresh')).status, 200);
    assert.equal((await other.post('/auth/login', ada)).status, 401);
  });
  await step('a body that is no JSON is a clear 400', async () => {
    const type = { 'content-type': 'application/json' };
    const { status } = await browser.send('POST', '/auth/login', '{"username":', type);
    assert.equal(status, 400);
  });
  await step('a logout ends the session and deletes the cookie', async () => {
    assert.equal((await browser.post('/auth/logout')).status, 204);
    assert.equal(browser.cookie, '');
    assert.equal((await browser.get('/profile')).body.code, 'session_revoked');
  });
  return held;
}

class Browser {
  cookie = '';
  accessToken = '';
  #url;

  constructor(url) {
    this.#url = url;
  }

  get(path) {
    return this.send('GET', path);
  }

  post(path, body, headers = {}) {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const type = json === undefined ? {} : { 'content-type': 'application/json' };
    return this.send('POST', path, json, { ...type, ...headers });
  }

  async send(method, path, body, headers = {}) {
    const sent = {
      ...headers,
      ...(this.cookie !== '' && { cookie: this.cookie }),
      ...(this.accessToken !== '' && { authorization: `Bearer ${this.accessToken}` }),
    };
    const init = { method, body, headers: sent };
    const response = await fetch(this.#url + path, init);
    this.#keepCookie(response.headers.getSetCookie());
    const text = await response.text();
    const answer = text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
    if (answer.accessToken) this.accessToken = answer.accessToken;
    return { status: response.status, headers: response.headers, body: answer };
  }

  #keepCookie(lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split('; ');
      if (!/^(__Host-|__Secure-)?refresh_token=/.test(pair)) continue;
      assert.ok(attributes.includes('HttpOnly'), 'the cookie is HttpOnly');
      this.cookie = attributes.includes('Max-Age=0') ? '' : pair;
    }
  }
}
