import { AccessTokenStrategy } from './access/access-token.strategy.js';
import { RefreshTokenStrategy } from './access/refresh-token.strategy.js';
import { OncePerSentence } from './errors/once-per-sentence.js';
import type { AuthSettings } from './options/auth-settings.js';
import { inWholeMilliseconds, systemClock, type Clock } from './runtime/clock.js';
import type { RandomSource } from './runtime/random-source.js';
import { LONGEST_RESPONSE_MS, MOST_CLOCK_ERROR_MS } from './runtime/time-bounds.js';
import { withinTime } from './runtime/time-limit.js';
import { memoryLimiter, type LimiterFactory } from './limits/limiters.js';
import { LoginLimiter } from './limits/login-limiter.js';
import type { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordPolicy, type BreachCheck } from './passwords/password-policy.js';
import { Passwords } from './passwords/passwords.js';
import { Accounts } from './accounts/accounts.js';
import type { AppTransactions } from './users/app-transactions.js';
import { AuthService } from './auth.service.js';
import { AuthEvents, type AuthEventListener } from './events/auth-events.js';
import { storeCall, type StoreCall } from './outages/store-call.js';
import { guardedStore } from './sessions/guarded-store.js';
import { CheckedUserDirectory } from './users/checked-user-directory.js';
import { KnownDevices } from './accounts/known-devices.js';
import { PasswordLogin } from './accounts/password-login.js';
import { Refusals } from './events/refusals.js';
import { RefreshLimiter } from './limits/refresh-limiter.js';
import type { RefreshTokenStore } from './sessions/refresh-token-store.js';
import { RevocationFeed } from './sessions/revocation-feed.js';
import { EndSessions } from './sessions/end-sessions.js';
import { PurgeSessions } from './sessions/purge-sessions.js';
import { RefreshSession } from './sessions/refresh-session.js';
import { RenewSession } from './sessions/renew-session.js';
import { StartSession } from './sessions/start-session.js';
import { SharedClock } from './runtime/shared-clock.js';
import type { UserDirectory } from './users/user-directory.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { DeviceTokens } from './tokens/device-tokens.js';
import { jsonWebKeySet } from './tokens/json-web-key-set.js';
import { buildKeys } from './tokens/keys.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { TokenSigner } from './tokens/token-signer.js';
import { LONGEST_TOKEN } from './tokens/token-headers.js';

/** RFC 6265bis §5.6: browsers drop a cookie whose name and value have more bytes than this. */
const LARGEST_COOKIE = 4096;

/** What the module is given from outside. */
export interface Ports {
  settings: AuthSettings;
  users: UserDirectory;
  store: RefreshTokenStore;
  /** As it is given: it is corrected by the database if it is the system's, and read in whole milliseconds otherwise. */
  clock: Clock;
  /** What the sessions' database says the time is, by which the clock is corrected; null where it has no clock. */
  databaseTime?: () => Promise<number | null>;
  random: RandomSource;
  listener: AuthEventListener;
  /** Makes the counters of failed logins. */
  limiter: LimiterFactory;
  passwordHashers: readonly PasswordHasher[];
  isBreached: BreachCheck | null;
  /** Where users may be read and written inside a transaction of the app's. */
  transactions: AppTransactions | null;
}

/** Puts the parts together, without Nest: one look shows who knows whom. */
export function wire(given: Ports) {
  const { settings, random } = given;
  const clock =
    given.clock === systemClock ? new SharedClock(systemClock) : inWholeMilliseconds(given.clock);
  const keys = buildKeys(settings.accessKeys, settings.refreshSecrets);
  const accessSigner = new TokenSigner('at+jwt', keys.access);
  const refreshSigner = new TokenSigner('rt+jwt', keys.refresh);
  const { accessCookie } = settings;
  const accessTokens = new AccessTokens(accessSigner, random, {
    ...settings,
    longest: accessCookie === null ? LONGEST_TOKEN : LARGEST_COOKIE - accessCookie.name.length,
  });
  const refreshTokens = new RefreshTokens(refreshSigner, clock, settings);

  const events = new AuthEvents(given.listener, clock);
  const refusals = new Refusals(events, clock);
  const ask = storeCall(events);
  const storeLog = new OncePerSentence();
  const store = guardedStore(given.store, ask, storeLog);
  const users = new CheckedUserDirectory(
    given.users,
    storeCall(events, 'user directory'),
    given.transactions,
  );

  // A database that is closed before the feed, while the app shuts down, is no outage to tell of.
  const askWhileOpen = storeCall({ emit: (event) => feed.isDraining || events.emit(event) });
  const feedStore = guardedStore(given.store, askWhileOpen, storeLog);
  const feed: RevocationFeed = new RevocationFeed({
    store: feedStore,
    clock,
    settings,
    polled: clockKeeper(given, clock),
  });
  const ender = new EndSessions({ store, feed, events, clock });
  const purger = new PurgeSessions({ store, clock, settings, isRight: clockJudge(given, clock) });
  const starter = new StartSession({
    store,
    accessTokens,
    refreshTokens,
    clock,
    random,
    ender,
    settings,
  });
  const refresher = new RefreshSession({
    store,
    users,
    ender,
    accessTokens,
    refreshTokens,
    limiter: refreshLimiter(settings),
    events,
    clock,
    settings,
  });

  const deviceTokens =
    settings.deviceCookie === null ? null : new DeviceTokens(keys.refresh, settings.issuer);
  const devices = new KnownDevices(store, deviceTokens, clock);

  const passwords = new Passwords(settings.passwords, random, given.passwordHashers);
  const policy = new PasswordPolicy(settings.passwords, given.isBreached);
  const limiter = loginLimiter(given, storeCall(events, 'limiter'));
  const login = new PasswordLogin({ users, passwords, limiter, devices, events });
  const renewer = new RenewSession({ store, refreshTokens, clock, settings });
  const accounts = new Accounts({
    users,
    passwords,
    policy,
    login,
    limiter,
    ender,
    renewer,
    store,
    events,
  });
  return {
    /** The clock by which all of them go. */
    time: clock,
    keys,
    jwks: jsonWebKeySet(keys.access),
    passwords,
    feed,
    purger,
    auth: new AuthService({
      login,
      accounts,
      devices,
      starter,
      refresher,
      ender,
      purger,
      refreshTokens,
      store,
      events,
      refusals,
      clock,
    }),
    refusals,
    accessStrategy: new AccessTokenStrategy({ signer: accessSigner, feed, clock, settings }),
    refreshStrategy: new RefreshTokenStrategy(refreshSigner, refreshTokens, settings),
  };
}

export type Wired = ReturnType<typeof wire>;

/** A clock that may be corrected, which is a real one only, and the question by what; null where there is nothing to ask. */
function correctable({ databaseTime }: Ports, clock: Clock) {
  if (databaseTime === undefined || !(clock instanceof SharedClock)) return null;
  return { clock, ask: () => withinTime(databaseTime, LONGEST_RESPONSE_MS) };
}

function clockKeeper(given: Ports, clock: Clock): (() => Promise<void>) | undefined {
  const found = correctable(given, clock);
  return found === null ? undefined : () => found.clock.keepUp(found.ask);
}

/** Whether the database's clock says the same. */
function clockJudge(given: Ports, clock: Clock): (() => Promise<boolean>) | undefined {
  const found = correctable(given, clock);
  if (found === null) return undefined;
  return async () => {
    const time = await found.ask();
    return time !== null && Math.abs(found.clock.now() - time) <= MOST_CLOCK_ERROR_MS;
  };
}

function loginLimiter({ settings, limiter }: Ports, ask: StoreCall): LoginLimiter | null {
  const { limits, issuer: realm } = settings;
  if (limits === null) return null;
  const limiters = {
    name: limiter('name', limits.account),
    user: limiter('user', limits.account),
    address: limiter('address', limits.address),
    device: limiter('device', limits.device),
    password: limiter('password', limits.device),
    registration: limiter('registration', limits.registration),
  };
  return new LoginLimiter({ limiters, callStore: ask, realm });
}

function refreshLimiter({ limits }: AuthSettings): RefreshLimiter | null {
  return limits === null ? null : new RefreshLimiter(memoryLimiter('refresh', limits.refresh));
}
