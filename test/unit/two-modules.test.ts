import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import type { AuthOptions } from '../../src/options/auth-options.js';
import { resolveAuthOptions } from '../../src/options/auth-settings.js';
import { buildKeys } from '../../src/tokens/keys.js';
import { contradictionOf, type ModuleInApp } from '../../src/two-modules.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';

/** The default one. */
const ISSUER = 'nestjs-refresh-auth';
const members = { name: 'members' };
const database = { name: 'database' } as unknown as DataSource;

function module(options: Partial<AuthOptions>, others: Partial<ModuleInApp>): ModuleInApp {
  const settings = resolveAuthOptions({
    accessToken: { secret: ACCESS_SECRET },
    refreshToken: { secret: REFRESH_SECRET },
    ...options,
  });
  return {
    path: 'auth',
    isGlobal: false,
    settings,
    keys: buildKeys(settings.accessKeys, settings.refreshSecrets),
    users: members,
    sessionsIn: { name: 'sessions of members' },
    countersIn: null,
    ...others,
  };
}

const staffSecrets = {
  accessToken: { secret: `staff ${ACCESS_SECRET}` },
  refreshToken: { secret: `staff ${REFRESH_SECRET}` },
};

const cookie = (name: string, path = '/') => ({ refresh: { name, path }, device: false });

/** A second module that works beside the first. */
function staff(options: Partial<AuthOptions> = {}, others: Partial<ModuleInApp> = {}): ModuleInApp {
  const apart = { ...staffSecrets, issuer: 'staff', cookies: cookie('staff_token') };
  return module(
    { ...apart, ...options },
    { path: 'staff/auth', users: { name: 'staff' }, sessionsIn: { name: 'of staff' }, ...others },
  );
}

/** Boots both modules, in either order. */
function contradictions(one: ModuleInApp, other: ModuleInApp): (string | null)[] {
  return [contradictionOf(one, other), contradictionOf(other, one)];
}

const keysOfItsOwn = () => ({
  accessToken: {
    keys: {
      algorithm: 'ES256' as const,
      privateKey: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
    },
  },
});

const SHARED_NAMES =
  /cookie .* on paths that overlap \(.*cookies\.(refresh|access|device|previous)/;

describe('two AuthModules in one app are refused', () => {
  it.each<[string, ModuleInApp, ModuleInApp, string | RegExp]>([
    [
      'with their routes at one path',
      module({}, {}),
      staff({}, { path: 'Auth' }),
      /have their routes at "auth": /i,
    ],
    [
      'that are both global',
      module({}, { isGlobal: true }),
      staff({}, { isGlobal: true }),
      'are global',
    ],
    [
      'under one name in Passport',
      module({ passportName: 'jwt' }, {}),
      staff({ passportName: 'jwt' }),
      'the passportName "jwt"',
    ],
    [
      'that both publish keys',
      module(keysOfItsOwn(), {}),
      staff(keysOfItsOwn()),
      'one place for them, /.well-known/jwks.json',
    ],
    [
      'with one cookie, as names are by default',
      module({}, {}),
      staff({ cookies: {} }),
      'the cookie "__Host-refresh_token" on paths that overlap (cookies.refresh)',
    ],
    [
      'with cookies of one name on paths of which one is in the other',
      module({ cookies: cookie('rt', '/api') }, {}),
      staff({ cookies: cookie('rt', '/api/staff') }),
      SHARED_NAMES,
    ],
    [
      'with cookies of one name for a domain and for its subdomain',
      module({ cookies: { ...cookie('rt'), domain: 'example.com' } }, {}),
      staff({ cookies: { ...cookie('rt'), domain: '.staff.Example.com' } }),
      SHARED_NAMES,
    ],
    [
      'with cookies of one name for a domain and for the host',
      module({ cookies: { ...cookie('rt', '/a'), domain: 'example.com' } }, {}),
      staff({ cookies: cookie('rt', '/a') }),
      SHARED_NAMES,
    ],
    [
      'with the name of one’s refresh cookie for the other’s access cookie',
      module({}, {}),
      staff({ cookies: { ...cookie('rt'), access: { name: 'refresh_token' } } }),
      /\(cookies\.(refresh and cookies\.access|access and cookies\.refresh)\)/,
    ],
    [
      'with the name of one’s refresh cookie for the cookie of devices of the other',
      module({}, {}),
      staff({ cookies: { ...cookie('rt'), device: { name: 'refresh_token' } } }),
      /\(cookies\.(refresh and cookies\.device|device and cookies\.refresh)\)/,
    ],
    [
      'with one’s refresh cookie among the previous ones of the other, which are deleted',
      module({}, {}),
      staff({ cookies: { ...cookie('rt'), previous: [{ name: '__Host-refresh_token' }] } }),
      'cookies.previous',
    ],
    [
      'with an access secret and the issuer in common, for different users',
      module({}, {}),
      staff({
        accessToken: { secret: [`new ${ACCESS_SECRET}`, ACCESS_SECRET] },
        issuer: ISSUER,
      }),
      'have a secret or key in common, and the same issuer',
    ],
    [
      'with a refresh secret and the issuer in common, for different users',
      module({}, {}),
      staff({ refreshToken: { secret: { kid: 'x', secret: REFRESH_SECRET } }, issuer: ISSUER }),
      'have a secret or key in common, and the same issuer',
    ],
    [
      'with the sessions of different users in one place',
      module({}, { sessionsIn: database }),
      staff({}, { sessionsIn: database }),
      "keep their sessions together, by the users' ids",
    ],
    [
      'that count the failures of different users together',
      module({}, { countersIn: database }),
      staff({ issuer: ISSUER }, { countersIn: database }),
      'count failed logins in one database under the same issuer',
    ],
  ])('%s', (_what, one, other, sentence) => {
    for (const refusal of contradictions(one, other)) {
      expect(refusal).toEqual(expect.stringMatching(/^two AuthModules /));
      expect(refusal).toMatch(sentence);
    }
  });
});

describe('two AuthModules in one app are left alone', () => {
  it.each<[string, ModuleInApp, ModuleInApp]>([
    ['with everything apart', module({}, {}), staff()],
    ['of which one is global', module({}, { isGlobal: true }), staff()],
    ['without routes', module({}, { path: null }), staff({}, { path: null })],
    [
      'with cookies of one name on paths beside each other',
      module({ cookies: cookie('rt', '/api') }, {}),
      staff({ cookies: cookie('rt', '/api-of-staff') }),
    ],
    [
      'with cookies of one name for two domains',
      module({ cookies: { ...cookie('rt'), domain: 'a.example.com' } }, {}),
      staff({ cookies: { ...cookie('rt'), domain: 'b.example.com' } }),
    ],
    [
      'with a secret in common, and an issuer each',
      module({}, {}),
      staff({ accessToken: { secret: ACCESS_SECRET } }),
    ],
    [
      'with the same users, secrets and sessions',
      module({}, { sessionsIn: database, countersIn: database }),
      module(
        { cookies: cookie('v2') },
        { path: 'v2/auth', sessionsIn: database, countersIn: database },
      ),
    ],
    [
      'with counters in one database, and an issuer each',
      module({}, { countersIn: database }),
      staff({}, { countersIn: database }),
    ],
    [
      'with one cookie of devices, which is no credential',
      module({}, {}),
      staff({ cookies: { refresh: { name: 'rt' } } }),
    ],
    ['of which one publishes keys', module(keysOfItsOwn(), {}), staff()],
    ['of which one has a name in Passport', module({ passportName: 'jwt' }, {}), staff()],
  ])('%s', (_what, one, other) => {
    expect(contradictions(one, other)).toEqual([null, null]);
  });
});
