import { describe, expect, it } from '@jest/globals';
import { AuthError, type AuthErrorCode } from 'nestjs-refresh-auth';
import { readEnvironment } from '../../src/app/environment.js';
import { greeting } from '../../src/app/greeting.js';
import { EXTRA_DEFAULTS } from '../../src/checked-options.js';
import { resolveAuthOptions } from '../../src/options/auth-settings.js';
import { durationToMs } from '../../src/options/duration.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';
import { literalConstant, variablesRead } from './declared-options.js';
import { code, Markdown } from './markdown.js';
import { optionRows } from './option-table.js';
import { readRows, TABLES, writeTables } from './option-tables-of-page.js';

const OPTIONS = 'docs/reference/options.md';
// UPDATE_REFERENCE=1 writes what the code knows; the words are for you to write. Prettier comes after it.
if (process.env.UPDATE_REFERENCE) writeTables(OPTIONS);
const options = new Markdown(OPTIONS);
const errors = new Markdown('docs/reference/errors.md');
const referenceApp = new Markdown('docs/getting-started/reference-app.md');

const rowsUnder = (heading: string) =>
  new Map(
    readRows(options, heading).map((row) => [row.path, { ...row, type: code(row.type)[0]! }]),
  );

describe.each(TABLES)('the documented options, $heading', ({ heading, declared, schema }) => {
  const rows = readRows(options, heading);

  it('are those of the schema, with its types, defaults and accepted values', () => {
    const words = new Map(rows.map((row) => [row.path, row]));
    expect(rows).toEqual(optionRows(schema, declared, words));
    expect(rows.length).toBeGreaterThan(3);
  });

  it('are those that the types declare', () => {
    const paths = rows.map(({ path }) => path);
    expect(paths.toSorted()).toEqual(declared.map(({ path }) => path).toSorted());
    const required = rows.flatMap(({ path, standard }) => (standard === 'required' ? [path] : []));
    expect(required).toEqual(
      declared.flatMap(({ path, isRequired }) => (isRequired ? [path] : [])),
    );
  });

  it('each have a meaning', () => {
    expect(rows.filter((row) => /TODO|^$/.test(row.meaning + row.standard))).toEqual([]);
  });
});

describe('the documented defaults', () => {
  const secrets = {
    accessToken: { secret: ACCESS_SECRET },
    refreshToken: { secret: REFRESH_SECRET },
  };
  const settings = resolveAuthOptions(secrets);
  const withAccessCookie = resolveAuthOptions({ ...secrets, cookies: { access: true } });

  /** The value in effect if an option is left out; null if the page may describe it in words. */
  const inEffect: Record<string, unknown> = {
    users: null,
    'accessToken.secret': null,
    'accessToken.keys': undefined,
    'accessToken.expiresIn': settings.accessLifetimeMs,
    'accessToken.cache': null,
    'accessToken.cache.entries': settings.verifiedTokens!.entries,
    'accessToken.cache.bytes': settings.verifiedTokens!.bytes,
    'refreshToken.secret': null,
    'refreshToken.expiresIn': settings.idleLifetimeMs,
    'refreshToken.absoluteExpiresIn': settings.absoluteLifetimeMs,
    'refreshToken.leeway': settings.leewayMs,
    issuer: settings.issuer,
    audience: null,
    clientId: null,
    'cookies.secure': settings.refreshCookie.secure,
    'cookies.sameSite': settings.refreshCookie.sameSite,
    'cookies.domain': settings.refreshCookie.domain,
    'cookies.refresh.name': unprefixed(settings.refreshCookie.name),
    'cookies.refresh.path': settings.refreshCookie.path,
    'cookies.access': settings.accessCookie !== null,
    'cookies.access.name': unprefixed(withAccessCookie.accessCookie!.name),
    'cookies.access.path': withAccessCookie.accessCookie!.path,
    'cookies.device': settings.deviceCookie !== null,
    'cookies.device.name': unprefixed(settings.deviceCookie!.name),
    'cookies.device.path': settings.deviceCookie!.path,
    'cookies.previous': settings.previousCookies.length === 0 ? undefined : 'some',
    'cookies.clearSiteData': settings.clearSiteData,
    allowedOrigins: settings.allowedOrigins.size === 0 ? undefined : settings.allowedOrigins,
    'passwords.memoryCost': settings.passwords.memoryCost,
    'passwords.timeCost': settings.passwords.timeCost,
    'passwords.parallelism': settings.passwords.parallelism,
    'passwords.minLength': settings.passwords.minLength,
    'passwords.contextWords': settings.passwords.contextWords.length === 0 ? undefined : 'some',
    'passwords.concurrency': settings.passwords.concurrency,
    'passwords.longestQueue': settings.passwords.longestQueue,
    passwordHashers: undefined,
    isBreached: null,
    limits: null,
    'limits.account.attempts': settings.limits!.account.points,
    'limits.account.per': settings.limits!.account.perMs,
    'limits.address.attempts': settings.limits!.address.points,
    'limits.address.per': settings.limits!.address.perMs,
    'limits.device.attempts': settings.limits!.device.points,
    'limits.device.per': settings.limits!.device.perMs,
    'limits.registration.attempts': settings.limits!.registration.points,
    'limits.registration.per': settings.limits!.registration.perMs,
    'limits.refresh.attempts': settings.limits!.refresh.points,
    'limits.refresh.per': settings.limits!.refresh.perMs,
    'limits.store': settings.limits!.store,
    passportName: settings.passportName ?? undefined,
    'revocation.pollInterval': settings.revocationPollMs,
    'revocation.failClosed': settings.failClosed,
    'purge.interval': settings.purgeIntervalMs,
    maxSessionsPerUser: settings.maxSessionsPerUser,
    store: null,
    events: null,
    clock: null,
    random: null,
  };

  it('are the ones in effect', () => {
    const rows = rowsUnder('## What useFactory returns');
    const documented = [...rows].map(([path, row]) => {
      if (inEffect[path] === null) return [path, null];
      return [path, row.type.includes('Duration') ? inMs(row.standard) : valueOf(row.standard)];
    });
    expect(Object.fromEntries(documented)).toEqual(inEffect);
    expect([settings.accessAudience, settings.clientId]).toEqual([
      settings.issuer,
      settings.issuer,
    ]);
  });

  it('of the options beside useFactory are the ones in effect', () => {
    const rows = rowsUnder('## Beside useFactory');
    const documented = [...rows]
      .filter(([, { standard }]) => standard !== 'required')
      .map(([path, { standard }]) => [path, valueOf(standard)]);
    expect({ ...Object.fromEntries(documented), dataSource: undefined }).toEqual(EXTRA_DEFAULTS);
  });
});

describe('the documented reference app', () => {
  const rows = referenceApp.tableUnder('## Environment variables').map(([variable, standard]) => ({
    variable: code(variable!)[0]!,
    standard: code(standard!)[0] ?? '',
  }));

  it('names every environment variable that is read, and no other', () => {
    const read = variablesRead('app/environment.ts');
    expect(read).toContain('REFRESH_TOKEN_SECRET');
    expect(rows.map(({ variable }) => variable).toSorted()).toEqual(read.toSorted());
  });

  it('has the right defaults: setting them changes nothing', () => {
    const needed = { ACCESS_TOKEN_SECRET: ACCESS_SECRET, REFRESH_TOKEN_SECRET: REFRESH_SECRET };
    const documented = Object.fromEntries(
      rows.map(({ variable, standard }) => [variable, standard]),
    );
    expect(Object.values(documented).filter(Boolean).length).toBeGreaterThan(5);
    expect(readEnvironment({ ...documented, ...needed })).toEqual(readEnvironment(needed));
  });

  it('is tried with the command that the app prints', () => {
    const printed = greeting('http://127.0.0.1:3000', false);
    const command = /^ *(curl .*)$/m.exec(printed)![1]!;
    expect(referenceApp.codeBlocks('sh').map((block) => block.trim())).toContain(command);
  });
});

describe('the documented errors', () => {
  it('have the status that goes with the code', () => {
    for (const [status, codes] of errors.tableUnder('## Codes')) {
      for (const each of code(codes!)) {
        const error = new AuthError(each as AuthErrorCode, '');
        expect([each, error.getStatus()]).toEqual([each, Number(status)]);
      }
    }
  });

  it('are complete', () => {
    const documented = errors.tableUnder('## Codes').flatMap(([, codes]) => code(codes!));
    expect(documented.toSorted()).toEqual(
      Object.keys(literalConstant('errors/auth-error.ts', 'STATUS_OF')).toSorted(),
    );
  });
});

function unprefixed(cookieName: string): string {
  return cookieName.replace('__Host-', '');
}

/** `'7d'` and `none`, as a cell shows them. */
function valueOf(standard: string): unknown {
  if (['none', 'the unnamed one'].includes(standard)) return undefined;
  const [written] = code(standard);
  if (written === undefined) throw new Error(`"${standard}" is not a default.`);
  const text = /^'(.*)'$/.exec(written)?.[1];
  return text ?? (JSON.parse(written) as unknown);
}

function inMs(standard: string): number {
  return durationToMs(valueOf(standard) as string);
}
