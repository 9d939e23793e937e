import { HttpException } from '@nestjs/common';
import { AuthError } from '../errors/auth-error.js';
import { OnceASentence } from '../errors/once-a-sentence.js';
import { storeUnavailable } from '../errors/store-unavailable.js';
import { textOf } from '../errors/text-of.js';
import { pause } from '../runtime/pause.js';
import { appUserOf, DirectoryFault, fault, type AppUser } from './app-user.js';
import type { AppTransactions } from './app-transactions.js';
import type { StoreCall } from '../outages/store-call.js';
import { refusalOfWrite, saysNoLogin, saysNotFound, saysOvertaken } from './directory-errors.js';
import { outsideTransactions, StillOpenError } from './outside-transactions.js';
import type { DirectoryUser, UserDirectory } from './user-directory.js';
import { lookalikesOf } from '../usernames/lookalikes.js';
import { isSameId } from './user-id.js';
import { mappedName } from '../usernames/usernames.js';

/** What is likely, where what was written isn't there. */
const BEHIND =
  ': either it reads a replica that is behind, and has to read the primary, or a transaction of the app’s was rolled back';

/** Milliseconds between one look for what was just written and the next: together less than any other wait. */
const LOOKS_AGAIN_AFTER_MS = [50, 100, 200, 400, 800];

/**
 * The app's directory, its answers checked and its failures turned into 503: a failing user store logs nobody out.
 * What it throws to say that there is no such user means the same as null. No other exception of its reads becomes a
 * response, whatever status it has; of its writes, what they refuse does, by a code of the route's.
 */
export class CheckedUserDirectory {
  readonly #log = new OnceASentence();

  constructor(
    private readonly directory: UserDirectory,
    private readonly ask: StoreCall,
    private readonly transactions: AppTransactions | null = null,
  ) {}

  /** Not while that would have to wait: a hash can be made anew at the next login. */
  get canRehash(): boolean {
    return this.directory.updatePasswordHash !== undefined && !this.transactions?.mayUndo();
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

  /**
   * Whether somebody has the name in another form, or one that looks the same. All are looked for at once, so that they
   * take no longer than one.
   */
  hasLookalike(name: string): Promise<boolean> {
    const others = new Set([mappedName(name), ...lookalikesOf(name)]);
    others.delete(name);
    return this.#ask('findByLogin', async () => {
      const found = await Promise.all([...others].map((other) => this.#userWith(other)));
      return found.some((user) => user !== null);
    });
  }

  #findByLogin(login: string): Promise<AppUser | null> {
    return this.#ask('findByLogin', () => this.#userWith(login));
  }

  async #userWith(login: string): Promise<AppUser | null> {
    // Otherwise whoever tries names would learn which one is refused.
    const answer = await unless(saysNoLogin, null, () => this.directory.findByLogin(login));
    return this.#withHash(answer, 'findByLogin');
  }

  findById(id: string): Promise<AppUser | null> {
    return this.#ask('findById', async () => {
      const user = this.#withHash(
        await unless(saysNotFound, null, () => this.directory.findById(id)),
        'findById',
      );
      if (user === null || isSameId(id, user.id)) return user;
      throw fault('findById', 'was asked for one user and returned another');
    });
  }

  /** As {@link findById}, but nothing that a transaction of the app's has only begun to change. */
  findSettled(id: string): Promise<AppUser | null> {
    return this.#settled(() => this.findById(id));
  }

  /** What {@link findById} found, or where that may be undone yet, what it finds when it can't be. */
  async settled(found: AppUser | null, id: string): Promise<AppUser | null> {
    return this.transactions === null ? found : this.findSettled(id);
  }

  /**
   * A user who was just created. Not to be found is no reason to refuse anybody then.
   * @throws {AuthError} `store_unavailable`
   */
  async findCreated(id: string): Promise<AppUser> {
    const user = await this.#lookAgain(
      () => this.findSettled(id),
      (found) => found === null,
    );
    return user ?? this.#fail(`doesn’t find the user whom create() returned${BEHIND}`);
  }

  /** Not while a transaction of the app's is open: it could take the new user back, and a retry find the name taken. */
  async create(user: { username: string; passwordHash: string }): Promise<AppUser | null> {
    await this.#settled(async () => null);
    return this.#ask('create', async () =>
      appUserOf(await required(this.directory, 'create')(user), 'create'),
    );
  }

  /**
   * Whether the hash was still the previous one, and is now the new one, to stay.
   * @throws {AuthError} `store_unavailable`, also where it is the previous one again
   */
  async replacePasswordHash(user: AppUser, passwordHash: string): Promise<boolean> {
    const update = required(this.directory, 'updatePasswordHash');
    const previousHash = user.passwordHash!;
    const isReplaced = await this.#ask('updatePasswordHash', async () =>
      unless(saysOvertaken, false, () => update(user.id, passwordHash, previousHash)),
    );
    if (typeof isReplaced === 'boolean' && this.transactions === null) return isReplaced;
    const now = await this.#lookAgain(
      () => this.findSettled(user.id),
      (found) => found?.passwordHash === previousHash,
    );
    if (now?.passwordHash !== previousHash) return now?.passwordHash === passwordHash;
    return this.#fail(`returns the password hash that was just replaced${BEHIND}`);
  }

  async #settled<T>(question: () => Promise<T>): Promise<T> {
    const { transactions } = this;
    if (transactions === null) return question();
    try {
      return await outsideTransactions(transactions, question);
    } catch (error) {
      if (!(error instanceof StillOpenError)) throw error;
      return this.ask(() => Promise.reject(error));
    }
  }

  /** What was just written may not be there yet where it is read. */
  async #lookAgain<T>(look: () => Promise<T>, isBehind: (found: T) => boolean): Promise<T> {
    let found = await look();
    for (const milliseconds of LOOKS_AGAIN_AFTER_MS) {
      if (!isBehind(found)) return found;
      await pause(milliseconds);
      found = await look();
    }
    return found;
  }

  #fail(sentence: string): Promise<never> {
    return this.#ask('findById', () => Promise.reject(fault('findById', sentence)));
  }

  #ask<T>(method: keyof UserDirectory, question: () => Promise<T>): Promise<T> {
    return this.ask(async () => {
      try {
        return await question();
      } catch (error) {
        throw (isWrite(method) ? refusalOfWrite(error) : null) ?? this.#failure(method, error);
      }
    });
  }

  /** To leave the hash out is to say that nobody can log in, which hardly anybody means. */
  #withHash(answer: DirectoryUser | null, method: keyof UserDirectory): AppUser | null {
    const user = appUserOf(answer, method);
    if (user !== null && answer?.passwordHash === undefined) {
      this.#log.error(
        `UserDirectory.${method}() returned a user whose passwordHash is undefined, so every password is wrong: have the query select it (TypeORM’s select: false leaves it out), or return null for a user who has no password.`,
      );
    }
    return user;
  }

  /** Anything can be thrown; an exception of HTTP would else be taken for a response of ours. */
  #failure(method: keyof UserDirectory, error: unknown): unknown {
    if (error instanceof DirectoryFault) {
      this.#log.error(error.message);
      return error;
    }
    if (!(error instanceof HttpException)) {
      const text = textOf(error);
      const stack = stackOf(error);
      this.#log.error(
        `UserDirectory.${method}() threw, which is answered with 503: ${text}`,
        `${method} ${placeOf(stack) ?? text}`,
        stack,
      );
      return error;
    }
    this.#log.error(
      `UserDirectory.${method}() threw ${error.name}, which doesn't say whether there is such a user: this is answered with 503. Return null, or throw NotFoundException, for a user who isn't there.`,
      `${method} ${error.name}`,
    );
    return storeUnavailable(error);
  }
}

function stackOf(error: unknown): string | undefined {
  const stack: unknown = error instanceof Error ? error.stack : undefined;
  return typeof stack === 'string' ? stack : undefined;
}

/** Where it was thrown: the same place is the same mistake, whoever it met. */
function placeOf(stack = ''): string | undefined {
  return stack.split('\n').find((line) => /^\s+at /.test(line));
}

function isWrite(method: keyof UserDirectory): boolean {
  return method === 'create' || method === 'updatePasswordHash';
}

/** What a directory answers, or what it means by what it throws. */
async function unless<T, M>(
  says: (error: unknown) => boolean,
  meaning: M,
  question: () => T | Promise<T>,
): Promise<T | M> {
  try {
    return await question();
  } catch (error) {
    if (says(error)) return meaning;
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
