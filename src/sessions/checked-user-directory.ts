import { AuthError } from '../errors/auth-error.js';
import type { Ask } from './bounded.js';
import type { DirectoryUser, UserDirectory } from './user-directory.js';

/** One of the app's users, checked: the id is a text, and every field is there. */
export interface AppUser {
  id: string;
  passwordHash: string | null;
  disabled: boolean;
  claims: Readonly<Record<string, unknown>>;
}

/** The app's directory, its answers checked and its failures turned into 503: a failing user store logs nobody out. */
export class CheckedUserDirectory {
  constructor(
    private readonly directory: UserDirectory,
    private readonly ask: Ask,
  ) {}

  get canRehash(): boolean {
    return this.directory.updatePasswordHash !== undefined;
  }

  findByLogin(login: string): Promise<AppUser | null> {
    return this.ask(async () => checked(await this.directory.findByLogin(login)));
  }

  findById(id: string): Promise<AppUser | null> {
    return this.ask(async () => checked(await this.directory.findById(id)));
  }

  create(user: { username: string; passwordHash: string }): Promise<AppUser | null> {
    return this.ask(async () => checked(await required(this.directory, 'create')(user)));
  }

  /** Whether the hash was still the previous one, and is now the new one. */
  async replacePasswordHash(user: AppUser, passwordHash: string): Promise<boolean> {
    const update = required(this.directory, 'updatePasswordHash');
    const previousHash = user.passwordHash!;
    const isReplaced = await this.ask(async () => update(user.id, passwordHash, previousHash));
    if (typeof isReplaced === 'boolean') return isReplaced;
    return (await this.findById(user.id))?.passwordHash === passwordHash;
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

function checked(user: DirectoryUser | null): AppUser | null {
  if (user === null || user === undefined) return null;
  const id = String(user.id ?? '');
  if (!/^\S(.*\S)?$/su.test(id) || id.length > 255) {
    throw new TypeError(
      "UserDirectory: a user's id must be a number or a text of 1 to 255 characters, without spaces around it.",
    );
  }
  return {
    id,
    passwordHash: user.passwordHash,
    disabled: user.disabled ?? false,
    claims: user.claims ?? {},
  };
}
