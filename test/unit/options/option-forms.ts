import { generateKeyPairSync } from 'node:crypto';
import { AuthController } from '../../../src/http/auth.controller.js';
import { MemoryRefreshTokenStore } from '../../../src/testing/memory-refresh-token-store.js';
import { MemoryUserDirectory } from '../../../src/testing/memory-user-directory.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';
import * as v from 'valibot';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const bytes = new TextEncoder().encode(ACCESS_SECRET);
const base64 = Buffer.from(ACCESS_SECRET).toString('base64');
const sign = async (data: Uint8Array) => data;

/** The least options that boot. */
export const good = () => ({
  users: new MemoryUserDirectory(),
  accessToken: { secret: ACCESS_SECRET },
  refreshToken: { secret: REFRESH_SECRET },
});

/** For each option the forms that it may have; an option inside of a list stands for one item. */
export const formsOfOptions: Readonly<Record<string, readonly unknown[]>> = {
  users: [new MemoryUserDirectory(), { findByLogin() {}, findById() {} }],
  accessToken: [{ secret: ACCESS_SECRET }],
  'accessToken.secret': [
    ACCESS_SECRET,
    bytes,
    Buffer.from(bytes),
    { base64 },
    { kty: 'oct', k: base64, kid: 'a', alg: 'HS256' },
    [ACCESS_SECRET, { kid: 'old', secret: { base64 } }],
  ],
  'accessToken.secret.base64': [base64],
  'accessToken.secret.kid': ['a'],
  'accessToken.secret.secret': [ACCESS_SECRET, bytes, { base64 }],
  'accessToken.secret.secret.base64': [base64],
  'accessToken.keys': [
    { algorithm: 'HS512', secret: ACCESS_SECRET.repeat(2) },
    { algorithm: 'ES256', privateKey },
    { algorithm: 'ES256', publicKey, sign },
    [
      { algorithm: 'ES256', kid: 'a', privateKey: privateKey.export({ format: 'jwk' }) },
      { algorithm: 'ES256', publicKey: publicKey.export({ format: 'pem', type: 'spki' }) },
    ],
  ],
  'accessToken.keys.algorithm': ['ES256'],
  'accessToken.keys.kid': ['a'],
  'accessToken.keys.secret': [ACCESS_SECRET],
  'accessToken.keys.secret.base64': [base64],
  'accessToken.keys.privateKey': [privateKey],
  'accessToken.keys.publicKey': [publicKey],
  'accessToken.keys.sign': [sign],
  'accessToken.expiresIn': ['15m', '1 hour', 900, '10y'],
  'accessToken.cache': [false, {}, { entries: 1 }],
  'accessToken.cache.entries': [1, 1_000_000],
  'accessToken.cache.bytes': [1],
  refreshToken: [{ secret: REFRESH_SECRET }],
  'refreshToken.secret': [REFRESH_SECRET, [REFRESH_SECRET, { base64 }]],
  'refreshToken.secret.base64': [base64],
  'refreshToken.secret.kid': ['r'],
  'refreshToken.secret.secret': [REFRESH_SECRET],
  'refreshToken.secret.secret.base64': [base64],
  'refreshToken.expiresIn': ['7d', 86_400],
  'refreshToken.absoluteExpiresIn': ['30d', '400d'],
  'refreshToken.leeway': [0, '10s'],
  issuer: ['me', 'i'.repeat(255)],
  audience: ['api'],
  clientId: ['web'],
  cookies: [{}, { secure: true }],
  'cookies.secure': [true, false],
  'cookies.sameSite': ['strict', 'lax'],
  'cookies.domain': ['example.com', '.example.com'],
  'cookies.refresh': [{}, { name: 'r' }],
  'cookies.refresh.name': ['rt', 'r'.repeat(128)],
  'cookies.refresh.path': ['/', '/auth'],
  'cookies.access': [true, false, {}, { path: '/api' }],
  'cookies.access.name': ['at'],
  'cookies.access.path': ['/', '/api'],
  'cookies.device': [true, false, {}, { path: '/auth' }],
  'cookies.device.name': ['dt'],
  'cookies.device.path': ['/', '/auth'],
  'cookies.previous': [[], [{ name: '__Host-rt' }, { name: 'x', path: '/', domain: 'a.b' }]],
  'cookies.previous.name': ['__Host-rt'],
  'cookies.previous.path': ['/auth'],
  'cookies.previous.domain': ['example.com'],
  'cookies.clearSiteData': [true, false],
  allowedOrigins: [[], ['https://app.example.com', 'capacitor://localhost']],
  passwords: [{}],
  'passwords.memoryCost': [19456, 65536, 1_048_576],
  'passwords.timeCost': [2, 3, 32],
  'passwords.parallelism': [1, 4, 16],
  'passwords.minLength': [8, 15, 1024],
  'passwords.contextWords': [[], ['acme']],
  'passwords.concurrency': [1, 3],
  'passwords.longestQueue': [0, 100],
  limits: [false, {}, { store: 'memory' }],
  ...limitForms('account'),
  ...limitForms('address'),
  ...limitForms('device'),
  ...limitForms('registration'),
  ...limitForms('refresh'),
  'limits.store': ['memory', 'database'],
  passportName: ['jwt'],
  revocation: [{}],
  'revocation.pollInterval': ['1s', 5],
  'revocation.failClosed': [true, false],
  purge: [{}],
  'purge.interval': ['10m', 600, false],
  maxSessionsPerUser: [1, 1000, false],
  store: [new MemoryRefreshTokenStore()],
  passwordHashers: [[], [{ recognizes: () => true, verify: async () => true, more: 1 }]],
  isBreached: [async () => false],
  events: [() => {}],
  clock: [new FakeClock(), { now: () => 5 }, Date],
  random: [{ bytes: (size: number) => Buffer.alloc(size) }],
};

export const formsOfExtras: Readonly<Record<string, readonly unknown[]>> = {
  isGlobal: [true, false],
  dataSource: ['sessions'],
  path: ['auth', '/', '/v2/auth/', ''],
  controller: [true, false, class extends AuthController {}],
  extraProviders: [[], [{ provide: 'x', useValue: 1 }]],
  registration: [true, false, { schema: v.object({ email: v.string() }) }],
  tableNames: [{}, { prefix: 'auth_' }],
};

/** What is inside of these. */
export const formsInsideExtras: Readonly<Record<string, readonly unknown[]>> = {
  'registration.schema': [v.object({ email: v.string() })],
  'tableNames.prefix': ['auth_'],
  'tableNames.sessions': ['logins'],
  'tableNames.rateLimits': ['failures'],
};

function limitForms(name: string): Record<string, readonly unknown[]> {
  const path = `limits.${name}`;
  return { [path]: [{}], [`${path}.attempts`]: [1, 50], [`${path}.per`]: ['1m', 900] };
}

/** What an option needs around it to be read at all. */
const NEIGHBOURS: Readonly<Record<string, object>> = {
  'accessToken.secret.kid': { secret: ACCESS_SECRET },
  'refreshToken.secret.kid': { secret: REFRESH_SECRET },
  'accessToken.keys.algorithm': { privateKey },
  'accessToken.keys.kid': { algorithm: 'ES256', privateKey },
  'accessToken.keys.secret': { algorithm: 'HS256' },
  'accessToken.keys.privateKey': { algorithm: 'ES256' },
  'accessToken.keys.publicKey': { algorithm: 'ES256' },
  'accessToken.keys.sign': { algorithm: 'ES256', publicKey },
  'accessToken.keys.secret.base64': {},
  'cookies.previous.path': { name: 'old' },
  'cookies.previous.domain': { name: 'old' },
};

/** Good options with one more at a path; what was at its place, and keeps it from being read, goes. */
export function withOption(path: string, value: unknown, writtenAs = nameOf(path)): object {
  const options = good();
  const all = { ...options, ...nested(path, value, writtenAs) } as Record<string, unknown>;
  if (path.startsWith('accessToken.') && !/^accessToken\.(secret|keys)/.test(path)) {
    all.accessToken = { ...options.accessToken, ...(all.accessToken as object) };
  }
  if (path.startsWith('refreshToken.') && !path.startsWith('refreshToken.secret')) {
    all.refreshToken = { ...options.refreshToken, ...(all.refreshToken as object) };
  }
  return all;
}

function nested(path: string, value: unknown, writtenAs: string): object {
  const parents = path.split('.').slice(0, -1);
  let inside: unknown = { ...NEIGHBOURS[path], [writtenAs]: value };
  for (const [i, parent] of [...parents.entries()].toReversed()) {
    const place = parents.slice(0, i + 1).join('.');
    if (place === 'cookies.previous') inside = [inside];
    inside = {
      ...(place === 'accessToken.keys.secret' ? { algorithm: 'HS256' } : {}),
      [parent]: inside,
    };
  }
  return inside as object;
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}
