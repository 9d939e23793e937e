import { describe, expect, it } from '@jest/globals';
import { JwtRefreshGuard, presentedRefreshToken } from '../../../src/access/jwt-refresh.guard.js';
import { AuthError } from '../../../src/errors/auth-error.js';
import { inMemoryApp, refusalOf } from '../in-memory-app.js';
import { contextOf, requestWithoutToken, type TestRequest } from './handler-context.js';

class Office {
  desk() {}
}

const withCookie = (token: string): TestRequest => ({
  method: 'POST',
  headers: { cookie: `__Host-refresh_token=${token}` },
});

describe('the guard of refresh cookies', () => {
  it('accepts a genuine one, and passes it on', async () => {
    const app = inMemoryApp();
    const { token, sessionId } = await app.loggedIn();
    const request = withCookie(token);
    const guard = new JwtRefreshGuard(app.refreshStrategy);
    expect(await guard.canActivate(contextOf(Office, 'desk', request))).toBe(true);
    expect(presentedRefreshToken(request)).toMatchObject({ sessionId, generation: 0 });
    const { refreshToken } = await app.auth.refresh(presentedRefreshToken(request));
    expect(refreshToken).not.toBeNull();
  });

  it('refuses a missing, forged or expired one, each with its own code', async () => {
    const app = inMemoryApp();
    const { token } = await app.loggedIn();
    const guard = new JwtRefreshGuard(app.refreshStrategy);
    const refusal = (request: TestRequest) =>
      refusalOf(guard.canActivate(contextOf(Office, 'desk', request)));
    expect(await refusal({ method: 'POST', headers: {} })).toMatchObject({
      code: 'refresh_missing',
      message: 'There is no refresh cookie. Log in.',
    });
    for (const odd of ['x', `${token.slice(0, -4)}AAAA`]) {
      expect(await refusal(withCookie(odd))).toMatchObject({ code: 'refresh_invalid' });
    }
    app.clock.advance({ days: 31 });
    expect(await refusal(withCookie(token))).toMatchObject({ code: 'refresh_expired' });
    const crossSite = withCookie(token);
    crossSite.headers['sec-fetch-site'] = 'cross-site';
    expect(await refusal(crossSite)).toMatchObject({ code: 'csrf_rejected' });
  });

  it('passes on an error of Passport unchanged, and treats anything else as a bad token', () => {
    const guard = new JwtRefreshGuard(inMemoryApp().refreshStrategy);
    const context = contextOf(Office, 'desk', requestWithoutToken());
    const handling = (error: unknown, info: unknown) => () =>
      guard.handleRequest(error, null, info, context);
    const oops = new TypeError('oops');
    const refusal = new AuthError('csrf_rejected', 'x');
    expect(handling(oops, null)).toThrow(oops);
    expect(handling(null, refusal)).toThrow(refusal);
    for (const info of [null, 'x', { name: 'Error' }, new TypeError('x')]) {
      expect(handling(null, info)).toThrow(expect.objectContaining({ code: 'refresh_invalid' }));
    }
  });
});
