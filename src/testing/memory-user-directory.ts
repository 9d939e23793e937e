import { Passwords } from '../passwords/passwords.js';
import { systemRandom } from '../runtime/random-source.js';
import { mappedName } from '../usernames/usernames.js';
import type { DirectoryUser, UserDirectory } from '../users/user-directory.js';

const SETTINGS = {
  memoryCost: 19456,
  timeCost: 2,
  parallelism: 1,
  concurrency: 2,
  longestQueue: 1000,
};

export interface NewTestUser {
  username: string;
  password: string;
  roles?: string[];
}

/** Users in memory, for an app's tests. */
export class MemoryUserDirectory implements UserDirectory {
  readonly #users = new Map<string, DirectoryUser & { id: string }>();
  #lastId = 0;
  readonly #passwords = new Passwords(SETTINGS, systemRandom, []);

  /** Adds a user who can log in; returns the id. */
  async add({ username, password, roles = [] }: NewTestUser): Promise<string> {
    const passwordHash = await this.#passwords.hash(password);
    const user = await this.create({ username, passwordHash }, roles);
    if (user === null) throw new Error(`There is a user ${username} already.`);
    return String(user.id);
  }

  /** Disables a user: no login, and the next refresh ends all their sessions. */
  disable(id: string): void {
    const user = this.#users.get(id);
    if (user !== undefined) this.#users.set(id, { ...user, disabled: true });
  }

  remove(id: string): void {
    this.#users.delete(id);
  }

  async findByLogin(login: string): Promise<DirectoryUser | null> {
    return [...this.#users.values()].find(({ claims }) => claims?.username === login) ?? null;
  }

  async findById(id: string): Promise<DirectoryUser | null> {
    return this.#users.get(id) ?? null;
  }

  async create(
    { username, passwordHash }: { username: string; passwordHash: string },
    roles: string[] = [],
  ): Promise<DirectoryUser | null> {
    const isTaken = [...this.#users.values()].some(
      ({ claims }) => mappedName(String(claims?.username)) === mappedName(username),
    );
    if (isTaken) return null;
    const id = String((this.#lastId += 1));
    const user = { id, passwordHash, claims: { username, roles } };
    this.#users.set(id, user);
    return user;
  }

  async updatePasswordHash(id: string, passwordHash: string, previousHash: string | null) {
    const user = this.#users.get(id);
    if (user === undefined || user.passwordHash !== previousHash) return false;
    this.#users.set(id, { ...user, passwordHash });
    return true;
  }
}
