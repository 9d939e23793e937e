import type { AuthSettings } from './options/auth-settings.js';
import type { CookieSettings } from './options/cookie-settings.js';
import type { buildKeys } from './tokens/keys.js';

/** Of one AuthModule, what a second one in the same app may get in the way of. */
export interface ModuleInApp {
  /** Where its routes are; null for none. */
  path: string | null;
  isGlobal: boolean;
  settings: AuthSettings;
  keys: ReturnType<typeof buildKeys>;
  users: object;
  /** The database of its sessions, or a store that is in none. */
  sessionsIn: object;
  /** The database that counts failed logins; null where none does. */
  countersIn: object | null;
}

/** Why two AuthModules can't be in one app, and what to change; null if they can. */
export function contradictionOf(one: ModuleInApp, other: ModuleInApp): string | null {
  if (one.path !== null && isSamePath(one.path, other.path)) {
    return `two AuthModules have their routes at "${one.path}": give one of them another path. If one was meant, call AuthModule.forRoot() once, and import what it returned where it is needed.`;
  }
  if (one.isGlobal && other.isGlobal) {
    return 'two AuthModules are global, so that it is left to chance which of them guards the routes of the others: set isGlobal to false for one of them, and import it where it is wanted.';
  }
  const { passportName } = one.settings;
  if (passportName !== null && passportName === other.settings.passportName) {
    return `two AuthModules have the passportName "${passportName}", and Passport keeps the last: give one of them another.`;
  }
  if (publishesKeys(one) && publishesKeys(other)) {
    return 'two AuthModules publish keys, and there is one place for them, /.well-known/jwks.json: give one of them accessToken.secret in place of asymmetric keys, or controller: false.';
  }
  return cookiesOfBoth(one.settings, other.settings) ?? usersOfBoth(one, other);
}

/** A router takes `/Auth` for `/auth`. */
function isSamePath(one: string, other: string | null): boolean {
  return one.toLowerCase() === other?.toLowerCase();
}

function publishesKeys({ path, keys }: ModuleInApp): boolean {
  return path !== null && keys.access.some(({ verifyingKey }) => verifyingKey.type === 'public');
}

function cookiesOfBoth(one: AuthSettings, other: AuthSettings): string | null {
  for (const [option, cookie] of cookiesOf(one)) {
    const [otherOption] =
      cookiesOf(other).find(
        ([each, otherCookie]) => isHarm(option, each) && isSentWith(cookie, otherCookie),
      ) ?? ([] as const);
    if (otherOption === undefined) continue;
    const options = [...new Set([option, otherOption])].join(' and ');
    return `two AuthModules use the cookie "${cookie.name}" on paths that overlap (${options}), so that one would take the other's for its own: give one of them another name or path.`;
  }
  return null;
}

/** Of two device cookies one replaces the other: it is no credential, and the device is only as if it were new. */
function isHarm(...options: string[]): boolean {
  return options.some((option) => option !== 'cookies.device');
}

function cookiesOf(settings: AuthSettings): (readonly [string, CookieSettings])[] {
  const { refreshCookie, accessCookie, deviceCookie, previousCookies } = settings;
  return [
    ['cookies.refresh', refreshCookie] as const,
    ...(accessCookie === null ? [] : [['cookies.access', accessCookie] as const]),
    ...(deviceCookie === null ? [] : [['cookies.device', deviceCookie] as const]),
    ...previousCookies.map((cookie) => ['cookies.previous', cookie] as const),
  ];
}

/** Whether there are requests with which a browser sends both, or one in the other's place. */
function isSentWith(one: CookieSettings, other: CookieSettings): boolean {
  return (
    one.name === other.name &&
    (isPathWithin(one.path, other.path) || isPathWithin(other.path, one.path)) &&
    (isHostWithin(one.domain, other.domain) || isHostWithin(other.domain, one.domain))
  );
}

/** RFC 6265 §5.1.4. */
function isPathWithin(path: string, parent: string): boolean {
  return path === parent || path.startsWith(parent.endsWith('/') ? parent : `${parent}/`);
}

/** Without a domain it is the app's host, which may be within any. */
function isHostWithin(host: string | undefined, domain: string | undefined): boolean {
  if (host === undefined || domain === undefined) return true;
  const [inner, outer] = [host, domain].map((each) => each.toLowerCase().replace(/^\./, ''));
  return inner === outer || inner!.endsWith(`.${outer}`);
}

/** What two modules may share if their users are the same, who are known by their ids alone. */
function usersOfBoth(one: ModuleInApp, other: ModuleInApp): string | null {
  if (one.users === other.users) return null;
  const hasOneIssuer = one.settings.issuer === other.settings.issuer;
  if (hasOneIssuer && (isOneShared(one, other, 'access') || isOneShared(one, other, 'refresh'))) {
    return "two AuthModules with different users have a secret or key in common, and the same issuer, so that one would take the tokens of the other's user with the same id: give each secrets of its own.";
  }
  if (one.sessionsIn === other.sessionsIn) {
    return "two AuthModules with different users keep their sessions together, by the users' ids, so that one would end the sessions of the other's user with the same id: give one of them a dataSource or store of its own or, if they have the same users, give both the same object as users.";
  }
  if (hasOneIssuer && one.countersIn !== null && one.countersIn === other.countersIn) {
    return 'two AuthModules with different users count failed logins in one database under the same issuer, so that one would lock out the users of the other: give each an issuer of its own.';
  }
  return null;
}

function isOneShared(one: ModuleInApp, other: ModuleInApp, kind: 'access' | 'refresh'): boolean {
  return one.keys[kind].some(({ verifyingKey }) =>
    other.keys[kind].some((key) => key.verifyingKey.equals(verifyingKey)),
  );
}
