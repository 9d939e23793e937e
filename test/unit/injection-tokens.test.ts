import { describe, expect, it } from '@jest/globals';
import { REQUIRED_ROLES } from '../../src/access/roles.decorator.js';
import { AUTH_EVENT_LISTENER } from '../../src/events/auth-events.js';
import { LIMITER_FACTORY } from '../../src/limits/limiters.js';
import { AUTH_SETTINGS } from '../../src/options/auth-settings.js';
import { PASSWORD_HASHERS } from '../../src/passwords/password-hasher.js';
import { BREACH_CHECK } from '../../src/passwords/password-policy.js';
import { CLOCK } from '../../src/runtime/clock.js';
import { MODULE_CLOCK } from '../../src/runtime/module-clock.js';
import { RANDOM_SOURCE } from '../../src/runtime/random-source.js';
import { REFRESH_TOKEN_STORE } from '../../src/sessions/refresh-token-store.js';
import { JSON_WEB_KEY_SET } from '../../src/tokens/json-web-key-set.js';
import { USER_DIRECTORY } from '../../src/users/user-directory.js';

/** What Nest keeps beside the app's own. `test/package/reference.test.ts` compares the ports with the reference. */
const tokens = Object.entries({
  AUTH_EVENT_LISTENER,
  AUTH_SETTINGS,
  BREACH_CHECK,
  CLOCK,
  JSON_WEB_KEY_SET,
  LIMITER_FACTORY,
  MODULE_CLOCK,
  PASSWORD_HASHERS,
  RANDOM_SOURCE,
  REFRESH_TOKEN_STORE,
  REQUIRED_ROLES,
  USER_DIRECTORY,
});

describe('the injection tokens', () => {
  it.each(tokens)('%s names the package, so that no app has the same', (_name, token) => {
    expect(token).toMatch(/^nestjs-refresh-auth:\w+$/);
  });

  it('are distinct', () => {
    const values = tokens.map(([, token]) => token);
    expect([...new Set(values)]).toEqual(values);
  });
});
