import { Logger } from '@nestjs/common';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BootChecks } from '../../src/boot-checks.js';
import { resolveAuthOptions } from '../../src/options/auth-settings.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';

describe('the checks at boot', () => {
  const before = process.env.NODE_ENV;
  let warned: string[];
  beforeEach(() => {
    warned = [];
    jest.spyOn(Logger.prototype, 'warn').mockImplementation((sentence) => {
      warned.push(String(sentence));
    });
  });
  afterEach(() => {
    jest.restoreAllMocks();
    process.env.NODE_ENV = before;
  });

  async function bootsWith(nodeEnv: string | undefined, expiresIn: number | string = '15m') {
    if (nodeEnv === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = nodeEnv;
    const settings = resolveAuthOptions({
      accessToken: { secret: ACCESS_SECRET, expiresIn },
      refreshToken: { secret: REFRESH_SECRET },
      cookies: { secure: false },
      limits: false,
    });
    await new BootChecks(settings, async () => {}).onApplicationBootstrap();
    return warned;
  }

  it.each([['production'], ['Production'], ['staging'], [''], [undefined]])(
    'warn about development settings if NODE_ENV is %j',
    async (nodeEnv) => {
      expect(await bootsWith(nodeEnv)).toEqual([
        expect.stringMatching(/^cookies\.secure is false in production/),
        expect.stringMatching(/^limits is false in production/),
      ]);
    },
  );

  it.each([
    [900_000, '10.4 days'],
    ['25h', '1 day'],
    ['30d', '30 days'],
  ])('warn about an access token that lives for more than a day: %j', async (expiresIn, days) => {
    expect(await bootsWith('test', expiresIn)).toEqual([
      expect.stringMatching(
        new RegExp(`^accessToken\\.expiresIn is ${days}: .* A number counts seconds, not millisec`),
      ),
    ]);
  });

  it('don’t warn about one that lives for a day', async () => {
    expect(await bootsWith('test', '24h')).toEqual([]);
  });

  it.each(['development', 'test'])('don’t warn if NODE_ENV=%s', async (nodeEnv) => {
    expect(await bootsWith(nodeEnv)).toEqual([]);
  });
});
