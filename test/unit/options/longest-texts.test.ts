import { describe, expect, it } from '@jest/globals';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';
import { inMemoryApp } from '../in-memory-app.js';

/** RFC 6265bis §5.6: of name and value. */
const LARGEST_COOKIE = 4096;

describe('with the longest texts that boot', () => {
  it('a browser keeps the cookies of a login', async () => {
    const longest = '"'.repeat(127);
    const kid = 'k'.repeat(64);
    const { auth, settings, userDirectory } = inMemoryApp({
      options: {
        issuer: longest,
        audience: longest,
        clientId: longest,
        accessToken: { secret: { kid, secret: ACCESS_SECRET } },
        refreshToken: { secret: { kid, secret: REFRESH_SECRET } },
        cookies: {
          domain: 'example.com',
          refresh: { name: 'r'.repeat(128) },
          access: { name: 'a'.repeat(128) },
          device: { name: 'd'.repeat(128) },
        },
      },
    });
    const id = '字'.repeat(255);
    await userDirectory.add('ada', { id });
    const { accessToken, refreshToken, device } = await auth.loginAs(id);
    const cookies = [
      settings.refreshCookie.name + refreshToken!.token,
      settings.accessCookie!.name + accessToken,
      settings.deviceCookie!.name + String(device?.token),
    ];
    for (const cookie of cookies) expect(cookie.length).toBeLessThanOrEqual(LARGEST_COOKIE);
    expect(await auth.refresh(refreshToken!.token)).toMatchObject({ userId: id });
  });
});
