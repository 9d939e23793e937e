import { HttpException } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { OnceASentence } from '../errors/once-a-sentence.js';
import { storeUnavailable } from '../errors/store-unavailable.js';
import { appUserOf, DirectoryFault, fault, type AppUser } from './app-user.js';
import type { Ask } from './bounded.js';
import { refusalOfWrite, saysNoLogin, saysNotFound, saysOvertaken } from './directory-errors.js';
import type { UserDirectory } from './user-directory.js';
import { lookalikesOf } from './lookalikes.js';
import { isSameId } from './user-id.js';
import { mappedName } from './usernames.js';

/**
 * The app's directory, its answers checked and its failures turned into 503: a failing user store logs nobody out.
 * What it throws to say that there is no such user means the same as null. No other exception of its reads becomes a
 * response, whatever status it has; of its writes, what they refuse does, by a code of the route's.
 */
export class CheckedUserDirectory {
  readonly #log = new OnceASentence();

  constructor(
    private readonly directory: UserDirectory,
    private readonly ask: Ask,
  ) {}

  get canRehash(): boolean {
    return this.directory.updatePasswordHash !== undefined;
  }

  /**
   * Under the name as it was typed, or else as RFC 8265 maps it, which is how it was prepared at registration. Both are
   * always looked for, so that the time doesn't tell whether the first was there.
   */
  async findByLogin(login: string): Promise<AppUser | null> {
    const mapped = mappedName(login);
    if (mapped === login) return this.#findByLogin(login);
    const [asTyped, asMapped] = await Promise.all(
      [login, mapped].map((each) => this.#findByLogin(each)),
    );
    return asTyped ?? asMapped ?? null;
  }

  /** Whether somebody has the name in another form, or one that looks the same in the letters of another script. */
  async hasLookalike(name: string): Promise<boolean> {
    const others = new Set([mappedName(name), ...lookalikesOf(name)]);
    others.delete(name);
    for (const other of others) if ((await this.#findByLogin(other)) !== null) return true;
    return false;
  }

  #findByLogin(login: string): Promise<AppUser | null> {
    return this.#ask('findByLogin', async () =>
      // Otherwise whoever tries names would learn which one is refused.
      appUserOf(
        await orNothing(() => this.directory.findByLogin(login), saysNoLogin),
        'findByLogin',
      ),
    );
  }

  findById(id: string): Promise<AppUser | null> {
    return this.#ask('findById', async () => {
      const user = appUserOf(await orNothing(() => this.directory.findById(id)), 'findById');
      if (user === null || isSameId(id, user.id)) return user;
      throw fault('findById', 'was asked for one user and returned another');
    });
  }

  create(user: { username: string; passwordHash: string }): Promise<AppUser | null> {
    return this.#ask('create', async () =>
      appUserOf(await required(this.directory, 'create')(user), 'create'),
    );
  }

  /** Whether the hash was still the previous one, and is now the new one. */
  async replacePasswordHash(user: AppUser, passwordHash: string): Promise<boolean> {
    const update = required(this.directory, 'updatePasswordHash');
    const previousHash = user.passwordHash!;
    const isReplaced = await this.#ask('updatePasswordHash', async () =>
      orNothing<unknown>(() => update(user.id, passwordHash, previousHash), saysOvertaken),
    );
    if (typeof isReplaced === 'boolean') return isReplaced;
    return (await this.findById(user.id))?.passwordHash === passwordHash;
  }

  #ask<T>(method: keyof UserDirectory, question: () => Promise<T>): Promise<T> {
    return this.ask(async () => {
      try {
        return await question();
      } catch (error) {
        if (error instanceof DirectoryFault) this.#log.error(error.message);
        throw (isWrite(method) ? refusalOfWrite(error) : null) ?? this.#failure(method, error);
      }
    });
  }

  /** Anything can be thrown; an exception of HTTP would else be taken for a response of ours. */
  #failure(method: keyof UserDirectory, error: unknown): unknown {
    if (!(error instanceof HttpException)) return error;
    this.#log.error(
      `UserDirectory.${method}() threw ${error.name}, which doesn't say whether there is such a user: this is answered with 503. Return null, or throw NotFoundException, for a user who isn't there.`,
      `${method} ${error.name}`,
    );
    return storeUnavailable(error);
  }
}

function isWrite(method: keyof UserDirectory): boolean {
  return method === 'create' || method === 'updatePasswordHash';
}

/** What a directory answers; null for a user who it says, by throwing, is not there. */
async function orNothing<T>(
  question: () => T | Promise<T>,
  saysNothing = saysNotFound,
): Promise<T | null> {
  try {
    return await question();
  } catch (error) {
    if (saysNothing(error)) return null;
    throw error;
  }
}

function required<M extends 'create' | 'updatePasswordHash'>(
  directory: UserDirectory,
  method: M,
): NonNullable<UserDirectory[M]> {
  const found = directory[method];
  if (found === undefined) {
    throw new AuthError('invalid_request', `The UserDirectory of this app has no ${method}().`);
  }
  return found.bind(directory) as NonNullable<UserDirectory[M]>;
}
