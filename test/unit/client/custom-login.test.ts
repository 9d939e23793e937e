import { describe, expect, it } from '@jest/globals';
import { openAnotherTab, openTab, credentials, type OpenTab } from './client-tabs.js';

/** A token as the server makes it: the app's claims first, with letters that need base64url's own characters. */
function tokenOf(sid: string, claims: object = {}): string {
  const payload = { ...claims, iss: 'x', sub: '?>~ÿ', sid, jti: Math.random(), exp: 1 };
  return `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;
}

/** The session of the browser's cookie: the server responds to a refresh with a token of that session. */
function withCookieOf(scene: OpenTab) {
  let sid = 'ada1';
  let claims: object = {};
  const issue = () => Response.json({ accessToken: tokenOf(sid, claims), expiresIn: 900 });
  scene.server.on('/auth/refresh', issue);
  scene.server.on('/auth/login', issue);
  return {
    /** Logs in by the app's own route, for example that of a magic link. */
    becomes(nextSid: string, nextClaims: object = {}) {
      sid = nextSid;
      claims = nextClaims;
    },
  };
}

const loginOf = ({ client }: OpenTab) => (client.getState() as { login?: number }).login;

async function signedInAsAda() {
  const scene = openTab();
  const cookie = withCookieOf(scene);
  await scene.world.until(scene.client.login(credentials));
  return { scene, cookie };
}

describe('a login through a route of the app', () => {
  it('as another user changes the login number once the client refreshes', async () => {
    const { scene, cookie } = await signedInAsAda();
    const before = loginOf(scene);
    cookie.becomes('bob1');
    await scene.world.until(scene.client.refresh());
    expect(scene.client.getState().status).toBe('authenticated');
    expect(loginOf(scene)).toBeGreaterThan(before!);
  });

  it('is sent to the other tabs, with the same number', async () => {
    const { scene, cookie } = await signedInAsAda();
    const other = openAnotherTab(scene);
    await other.world.until(other.client.ready());
    expect(loginOf(other)).toBe(loginOf(scene));
    const before = loginOf(other);
    cookie.becomes('bob1');
    await scene.world.until(scene.client.refresh());
    expect(loginOf(other)).toBeGreaterThan(before!);
    expect(loginOf(other)).toBe(loginOf(scene));
  });

  it.each(['logout', 'the end of the session'] as const)('counts after %s too', async (end) => {
    const { scene, cookie } = await signedInAsAda();
    const before = loginOf(scene);
    if (end === 'logout') await scene.world.until(scene.client.logout());
    else {
      scene.server.on('/auth/refresh', () =>
        Response.json({ code: 'refresh_reused' }, { status: 401 }),
      );
      await scene.world.until(scene.client.refresh());
    }
    expect(scene.client.getState().status).toBe('anonymous');
    cookie.becomes('ada2');
    scene.server.on('/auth/refresh', () =>
      Response.json({ accessToken: tokenOf('ada2'), expiresIn: 900 }),
    );
    await scene.world.until(scene.client.refresh());
    expect(loginOf(scene)).toBeGreaterThan(before!);
  });

  it('cancels earlier work: a refused request is not resent as the new user', async () => {
    const { scene, cookie } = await signedInAsAda();
    scene.server.on('/api', () => {
      cookie.becomes('bob1');
      return Response.json({ code: 'token_expired' }, { status: 401 });
    });
    const response = await scene.world.until(scene.client.fetch('/api', { method: 'POST' }));
    expect(response.status).toBe(401);
    expect(scene.server.count('/api')).toBe(1);
  });
});

describe('a refresh of the same session', () => {
  it.each([
    ['as ever', {}],
    ['with other claims, which shift its position', { roles: ['a', 'b'], name: 'Åda' }],
    ['with a claim that looks like it', { device: { sid: 'other' } }],
  ])('keeps the number: %s', async (_what, claims) => {
    const { scene, cookie } = await signedInAsAda();
    const before = loginOf(scene);
    cookie.becomes('ada1', claims);
    await scene.world.until(scene.client.refresh());
    expect(loginOf(scene)).toBe(before);
  });

  it('keeps the number if tokens can’t be read', async () => {
    const scene = openTab();
    await scene.world.until(scene.client.login(credentials));
    const before = loginOf(scene);
    await scene.world.until(scene.client.refresh());
    expect(loginOf(scene)).toBe(before);
  });
});
