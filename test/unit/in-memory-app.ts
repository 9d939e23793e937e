import argon2 from 'argon2';
import { wire, type Ports } from '../../src/wiring.js';
import type { AuthError } from '../../src/errors/auth-error.js';
import type { AuthOptions } from '../../src/options/auth-options.js';
import { resolveAuthOptions } from '../../src/options/auth-settings.js';
import { systemRandom } from '../../src/runtime/random-source.js';
import { memoryLimiter } from '../../src/limits/limiters.js';
import type { AuthEvent } from '../../src/events/auth-events.js';
import type { SessionRow } from '../../src/sessions/refresh-token-store.js';
import type { DirectoryUser, UserDirectory } from '../../src/users/user-directory.js';
import { FakeClock } from '../../src/testing/fake-clock.js';
import { MemoryRefreshTokenStore } from '../../src/testing/memory-refresh-token-store.js';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from '../harness/test-secrets.js';

/** Fast, because nobody attacks these passwords. */
const CHEAP = { memoryCost: 1024, timeCost: 2, parallelism: 1 };

export const hashOf = (password: string, cost: { memoryCost?: number } = {}) =>
  argon2.hash(password, { ...CHEAP, ...cost });

/** Users in memory, which a test can change. */
export class Users implements UserDirectory {
  readonly byId = new Map<string, DirectoryUser>();

  async add(username: string, user: Partial<DirectoryUser> = {}): Promise<string> {
    const id = String(user.id ?? this.byId.size + 1);
    const passwordHash = await hashOf(PASSWORD);
    this.byId.set(id, { id, passwordHash, claims: { username }, ...user });
    return id;
  }

  change(id: string, change: Partial<DirectoryUser>): void {
    this.byId.set(id, { ...this.byId.get(id)!, ...change });
  }

  async findByLogin(login: string): Promise<DirectoryUser | null> {
    return [...this.byId.values()].find(({ claims }) => claims?.username === login) ?? null;
  }

  async findById(id: string): Promise<DirectoryUser | null> {
    return this.byId.get(id) ?? null;
  }

  async create({
    username,
    passwordHash,
  }: {
    username: string;
    passwordHash: string;
    fields?: object;
  }) {
    if ((await this.findByLogin(username)) !== null) return null;
    return this.byId.get(await this.add(username, { passwordHash }))!;
  }

  async updatePasswordHash(id: string, passwordHash: string, previous: string): Promise<boolean> {
    if (this.byId.get(id)?.passwordHash !== previous) return false;
    this.change(id, { passwordHash });
    return true;
  }
}

export interface AppOptions extends Partial<Omit<Ports, 'settings' | 'clock'>> {
  options?: Partial<AuthOptions>;
}

/** The parts of the module as an app has them, without Nest, HTTP or a database. */
export function inMemoryApp({
  options,
  store = new MemoryRefreshTokenStore(),
  ...given
}: AppOptions = {}) {
  const clock = new FakeClock();
  const events: AuthEvent[] = [];
  const userDirectory = new Users();
  const resolved = resolveAuthOptions({
    accessToken: { secret: ACCESS_SECRET },
    refreshToken: { secret: REFRESH_SECRET },
    ...options,
  });
  const settings = { ...resolved, passwords: { ...resolved.passwords, ...CHEAP } };
  const parts = wire({
    settings,
    clock,
    users: userDirectory,
    store,
    random: systemRandom,
    listener: (event) => void events.push(event),
    limiter: memoryLimiter,
    passwordHashers: [],
    isBreached: null,
    furtherFields: null,
    transactions: null,
    ...given,
  });
  return {
    ...parts,
    settings,
    clock,
    userDirectory,
    store,
    events,
    /** The events since the last call, without their time. */
    takeEvents() {
      return events.splice(0).map(({ at: _at, ...event }) => event);
    },
    async row(sessionId: string): Promise<SessionRow> {
      return (await store.find(sessionId))!;
    },
    /** A user of that name, logged in. */
    async loggedIn(username = 'ada') {
      const known = await userDirectory.findByLogin(username);
      const userId = known === null ? await userDirectory.add(username) : String(known.id);
      const { refreshToken, ...issued } = await parts.auth.loginAs(userId);
      events.splice(0);
      return { ...issued, token: refreshToken!.token, refreshToken: refreshToken! };
    },
  };
}

export type InMemoryApp = ReturnType<typeof inMemoryApp>;

/** The refusal with which a call ends. */
export async function refusalOf(attempt: Promise<unknown>): Promise<AuthError> {
  return attempt.then(
    (value) => {
      throw new Error(`It was not refused: ${JSON.stringify(value)}`);
    },
    (error: AuthError) => error,
  );
}

/** Its code, and whether it marks the session as ended. */
export async function refusedWith(attempt: Promise<unknown>) {
  const { code, sessionEnded, message } = await refusalOf(attempt);
  return { code, sessionEnded, message };
}

/** Only its code; `in` if it was not refused. */
export const codeOf = (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(
    () => 'in',
    ({ code }: AuthError) => code,
  );

export const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());

/** A promise with the function that fulfils it. */
export function withResolvers(): { promise: Promise<void>; resolve: () => void } {
  const resolvers: (() => void)[] = [];
  const promise = new Promise<void>((resolve) => void resolvers.push(resolve));
  return { promise, resolve: () => resolvers.forEach((resolve) => resolve()) };
}
