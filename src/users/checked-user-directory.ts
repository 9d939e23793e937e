import { HttpException } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { OncePerSentence } from '../errors/once-per-sentence.js';
import { storeUnavailable } from '../errors/store-unavailable.js';
import { placeOf, stackOf } from '../errors/stack-of.js';
import { textOf } from '../errors/text-of.js';
import { pause } from '../runtime/pause.js';
import { appUserOf, DirectoryFault, fault, type AppUser } from './app-user.js';
import type { AppTransactions } from './app-transactions.js';
import type { StoreCall } from '../outages/store-call.js';
import { refusalOfWrite, meansNoLogin, meansNotFound, meansOvertaken } from './directory-errors.js';
import { outsideTransactions, StillOpenError } from './outside-transactions.js';
import type { UserDirectory } from './user-directory.js';
import { lookalikesOf } from '../usernames/lookalikes.js';
import { isSameId } from './user-id.js';
import { mappedName } from '../usernames/usernames.js';

/** The likely cause if a write can't be read back. */
const BEHIND =
  ': either it reads a replica that is behind, and has to read the primary, or a transaction of the app’s was rolled back';

/** Milliseconds between the checks for a new write: together less than any other wait. */
const CHECK_AGAIN_AFTER_MS = [50, 100, 200, 400, 800];

/**
 * The app's directory with its results checked and its failures turned into 503: a failing user store logs nobody out.
 * An exception that means "no such user" counts as null. No other exception of a read becomes a response, whatever
 * status it has. A refusal of a write becomes one, with a code that the route may have.
 */
export class CheckedUserDirectory {
  readonly #log = new OncePerSentence();

  constructor(
    private readonly directory: UserDirectory,
    private readonly callStore: StoreCall,
    private readonly transactions: AppTransactions | null = null,
  ) {}

  /** False while an app transaction is open: it would have to wait, and the hash can be replaced at the next login. */
  get canRehash(): boolean {
    return this.directory.updatePasswordHash !== undefined && !this.transactions?.mayUndo();
  }

  /**
   * Finds a user by the name as typed, or by the name as RFC 8265 maps it, which is how registration prepared it.
   * Always queries both, so that the time does not reveal whether the first was found.
   */
  async findByLogin(login: string): Promise<AppUser | null> {
    const mapped = mappedName(login);
    if (mapped === login) return this.#findByLogin(login);
    const [asTyped, asMapped] = await Promise.all(
      [login, mapped].map((each) => this.#findByLogin(each)),
    );
    return asTyped ?? asMapped ?? null;
  }

  /**
   * Whether the name is taken in another form, or by a name that looks the same. All queries run at once, so that they
   * take no longer than one.
   */
  hasLookalike(name: string): Promise<boolean> {
    const others = new Set([mappedName(name), ...lookalikesOf(name)]);
    others.delete(name);
    return this.#call('findByLogin', async () => {
      const found = await Promise.all([...others].map((other) => this.#userWith(other)));
      return found.some((user) => user !== null);
    });
  }

  #findByLogin(login: string): Promise<AppUser | null> {
    return this.#call('findByLogin', () => this.#userWith(login));
  }

  async #userWith(login: string): Promise<AppUser | null> {
    // Treated as "not found". Otherwise somebody who tries names would learn which name is refused.
    const result = await meaningOfError(meansNoLogin, null, () =>
      this.directory.findByLogin(login),
    );
    return appUserOf(result, 'findByLogin');
  }

  findById(id: string): Promise<AppUser | null> {
    return this.#call('findById', async () => {
      const user = appUserOf(
        await meaningOfError(meansNotFound, null, () => this.directory.findById(id)),
        'findById',
      );
      if (user === null || isSameId(id, user.id)) return user;
      throw fault('findById', 'was asked for one user and returned another');
    });
  }

  /** Like {@link findById}, but never reads what an open transaction of the app may still roll back. */
  findSettled(id: string): Promise<AppUser | null> {
    return this.#settled(() => this.findById(id));
  }

  /** The user found by {@link findById}; if that may still be rolled back, the user as found when it can't be. */
  async settled(found: AppUser | null, id: string): Promise<AppUser | null> {
    return this.transactions === null ? found : this.findSettled(id);
  }

  /**
   * Finds a user who was just created. A user who is not found yet is no reason to refuse anybody.
   * @throws {AuthError} `store_unavailable`
   */
  async findCreated(id: string): Promise<AppUser> {
    const user = await this.#findAgain(
      () => this.findSettled(id),
      (found) => found === null,
    );
    return user ?? this.#fail(`doesn’t find the user whom create() returned${BEHIND}`);
  }

  /**
   * Waits while a transaction of the app is open: its rollback could remove the new user, and a retry could find the
   * name taken.
   */
  async create(user: Parameters<NonNullable<UserDirectory['create']>>[0]): Promise<AppUser | null> {
    await this.#settled(async () => {});
    return this.#call('create', async () =>
      appUserOf(await required(this.directory, 'create')(user), 'create'),
    );
  }

  /**
   * Whether the hash was still the previous one and is now, permanently, the new one.
   * @throws {AuthError} `store_unavailable`, also if it is the previous one again
   */
  async replacePasswordHash(user: AppUser, passwordHash: string): Promise<boolean> {
    const update = required(this.directory, 'updatePasswordHash');
    const previousHash = user.passwordHash;
    const isReplaced = await this.#call('updatePasswordHash', async () =>
      meaningOfError(meansOvertaken, false, () => update(user.id, passwordHash, previousHash)),
    );
    if (typeof isReplaced === 'boolean' && this.transactions === null) return isReplaced;
    const now = await this.#findAgain(
      () => this.findSettled(user.id),
      (found) => found?.passwordHash === previousHash,
    );
    if (now?.passwordHash !== previousHash) return now?.passwordHash === passwordHash;
    return this.#fail(`returns the password hash that was just replaced${BEHIND}`);
  }

  async #settled<T>(query: () => Promise<T>): Promise<T> {
    const { transactions } = this;
    if (transactions === null) return query();
    try {
      return await outsideTransactions(transactions, query);
    } catch (error) {
      if (!(error instanceof StillOpenError)) throw error;
      return this.callStore(() => Promise.reject(error));
    }
  }

  /** A replica may be behind, so a new write may not be readable yet. */
  async #findAgain<T>(find: () => Promise<T>, isBehind: (found: T) => boolean): Promise<T> {
    let found = await find();
    for (const milliseconds of CHECK_AGAIN_AFTER_MS) {
      if (!isBehind(found)) return found;
      await pause(milliseconds);
      found = await find();
    }
    return found;
  }

  #fail(sentence: string): Promise<never> {
    return this.callStore(() => Promise.reject(this.#logged(fault('findById', sentence))));
  }

  #call<T>(method: keyof UserDirectory, query: () => Promise<T>): Promise<T> {
    return this.callStore(async () => {
      try {
        return await query();
      } catch (error) {
        throw (isWrite(method) ? refusalOfWrite(error) : null) ?? this.#failure(method, error);
      }
    });
  }

  /** Anything can be thrown, and an HTTP exception would otherwise be sent as a response of this module. */
  #failure(method: keyof UserDirectory, error: unknown): unknown {
    if (error instanceof DirectoryFault) return this.#logged(error);
    if (!(error instanceof HttpException)) {
      const text = textOf(error);
      this.#log.error(
        `UserDirectory.${method}() threw, which becomes a 503: ${text}`,
        `${method} ${placeOf(error) ?? text}`,
        stackOf(error),
      );
      return error;
    }
    this.#log.error(
      `UserDirectory.${method}() threw ${error.name}, which doesn't say whether there is such a user: this becomes a 503. Return null, or throw NotFoundException, for a user who isn't there.`,
      `${method} ${error.name}`,
    );
    return storeUnavailable(error);
  }

  #logged(error: DirectoryFault): DirectoryFault {
    this.#log.error(error.message);
    return error;
  }
}

function isWrite(method: keyof UserDirectory): boolean {
  return method === 'create' || method === 'updatePasswordHash';
}

/** The directory's result, or `meaning` if it throws an error that `isMeant` recognizes. */
async function meaningOfError<T, M>(
  isMeant: (error: unknown) => boolean,
  meaning: M,
  query: () => T | Promise<T>,
): Promise<T | M> {
  try {
    return await query();
  } catch (error) {
    if (isMeant(error)) return meaning;
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
