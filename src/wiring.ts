import { AccessTokenStrategy } from './access/access-token.strategy.js';
import { RefreshTokenStrategy } from './access/refresh-token.strategy.js';
import { OncePerSentence } from './errors/once-per-sentence.js';
import type { AuthSettings } from './options/auth-settings.js';
import type { Clock } from './runtime/clock.js';
import { moduleClock } from './runtime/module-clock.js';
import type { RandomSource } from './runtime/random-source.js';
import { checkedLimiters, memoryLimiter, type LimiterFactory } from './limits/limiters.js';
import { LoginLimiter } from './limits/login-limiter.js';
import { loginLimiters } from './limits/login-limiters.js';
import type { PasswordHasher } from './passwords/password-hasher.js';
import { PasswordPolicy, type BreachCheck } from './passwords/password-policy.js';
import { Passwords } from './passwords/passwords.js';
import { Accounts } from './accounts/accounts.js';
import type { FurtherFields } from './accounts/further-fields.js';
import type { AppTransactions } from './users/app-transactions.js';
import { AuthService } from './auth.service.js';
import { AuthEvents, type AuthEventListener } from './events/auth-events.js';
import { storeCall } from './outages/store-call.js';
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
import { ReissueRefreshToken } from './sessions/reissue-refresh-token.js';
import { StartSession } from './sessions/start-session.js';
import type { UserDirectory } from './users/user-directory.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { DeviceTokens } from './tokens/device-tokens.js';
import { jsonWebKeySet } from './tokens/json-web-key-set.js';
import { buildKeys } from './tokens/keys.js';
import { RefreshTokens } from './tokens/refresh-tokens.js';
import { LONGEST_TOKEN, TokenSigner } from './tokens/token-signer.js';

/** RFC 6265bis §5.6: browsers drop a cookie whose name and value have more bytes than this. */
const LARGEST_COOKIE = 4096;

/** What the module uses of the outside. */
export interface Ports {
  settings: AuthSettings;
  users: UserDirectory;
  store: RefreshTokenStore;
  clock: Clock;
  /** The time of the sessions' database in milliseconds since the epoch; null where it has no clock of its own. */
  databaseTime?: () => Promise<number | null>;
  random: RandomSource;
  listener: AuthEventListener;
  /** Makes the counters of failed logins. */
  limiter: LimiterFactory;
  passwordHashers: readonly PasswordHasher[];
  isBreached: BreachCheck | null;
  /** What a registration has beside name and password; null for nothing. */
  furtherFields: FurtherFields | null;
  /** Where users may be read and written inside a transaction of the app's. */
  transactions: AppTransactions | null;
}

/** Puts the parts together, without Nest. Read it from top to bottom to see which part uses which. */
export function wire(ports: Ports) {
  const { settings, random } = ports;
  const { clock, keepUp, agrees } = moduleClock(ports.clock, ports.databaseTime);
  const keys = buildKeys(settings.accessKeys, settings.refreshSecrets);
  const accessSigner = new TokenSigner('at+jwt', keys.access);
  const refreshSigner = new TokenSigner('rt+jwt', keys.refresh);
  const { accessCookie, limits } = settings;
  const accessTokens = new AccessTokens(accessSigner, random, {
    ...settings,
    longest: accessCookie === null ? LONGEST_TOKEN : LARGEST_COOKIE - accessCookie.name.length,
  });
  const refreshTokens = new RefreshTokens(refreshSigner, clock, settings);

  const events = new AuthEvents(ports.listener, clock);
  const refusals = new Refusals(events, clock);
  const callStore = storeCall(events);
  const storeLog = new OncePerSentence();
  const store = guardedStore(ports.store, callStore, storeLog);
  const users = new CheckedUserDirectory(
    ports.users,
    storeCall(events, 'user directory'),
    ports.transactions,
  );

  // While the app shuts down, the database may close before the feed: that is no outage to report.
  const callStoreWhileOpen = storeCall({ emit: (event) => feed.isDraining || events.emit(event) });
  const feedStore = guardedStore(ports.store, callStoreWhileOpen, storeLog);
  const feed: RevocationFeed = new RevocationFeed({
    store: feedStore,
    clock,
    settings,
    polled: keepUp,
  });
  const ender = new EndSessions({ store, feed, events, clock });
  const purger = new PurgeSessions({ store, clock, settings, isRight: agrees });
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
    limiter: limits && new RefreshLimiter(memoryLimiter('refresh', limits.refresh)),
    events,
    clock,
    settings,
  });

  const deviceTokens =
    settings.deviceCookie === null ? null : new DeviceTokens(keys.refresh, settings.issuer);
  const devices = new KnownDevices(store, deviceTokens, clock);

  const passwords = new Passwords(settings.passwords, random, ports.passwordHashers);
  const policy = new PasswordPolicy(settings.passwords, ports.isBreached);
  const limiter =
    limits &&
    new LoginLimiter({
      limiters: loginLimiters(checkedLimiters(ports.limiter), limits),
      callStore: storeCall(events, 'limiter'),
      realm: settings.issuer,
    });
  const login = new PasswordLogin({ users, passwords, limiter, devices, events });
  const reissuer = new ReissueRefreshToken({ store, refreshTokens, clock, settings });
  const accounts = new Accounts({
    users,
    passwords,
    policy,
    furtherFields: ports.furtherFields,
    login,
    limiter,
    ender,
    reissuer,
    store,
    events,
  });
  return {
    /** The clock that all of them go by. */
    clock,
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
