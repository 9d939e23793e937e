import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { AuthError, type DirectoryUser, type UserDirectory } from 'nestjs-refresh-auth';
import { IsNull, QueryFailedError, Repository, type FindOptionsWhere } from 'typeorm';
import { User } from './user.entity.js';

/** Gives AuthModule access to this app's users. */
@Injectable()
export class AppUsers implements UserDirectory {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  async findByLogin(login: string): Promise<DirectoryUser | null> {
    return this.#find({ usernameKey: keyOf(login) });
  }

  async findById(id: string): Promise<DirectoryUser | null> {
    const number = idOf(id);
    return number === null ? null : this.#find({ id: number });
  }

  async create(user: { username: string; passwordHash: string }): Promise<DirectoryUser | null> {
    if (keyOf(user.username).length > 255) {
      throw new AuthError('invalid_request', 'username: is too long when written in full');
    }
    const created = this.users.create({ ...user, usernameKey: keyOf(user.username) });
    try {
      return directoryUser(await this.users.save(created));
    } catch (error) {
      if (isTaken(error)) return null;
      throw error;
    }
  }

  async updatePasswordHash(id: string, passwordHash: string, previousHash: string | null) {
    const number = idOf(id);
    if (number === null) return false;
    const where = { id: number, passwordHash: previousHash ?? IsNull() };
    const { affected } = await this.users.update(where, { passwordHash });
    return affected === 1;
  }

  /**
   * Reads from the primary, whatever `replication` and `cache` are: on a replica that is behind, a new user is still
   * missing.
   */
  async #find(where: FindOptionsWhere<User>): Promise<DirectoryUser | null> {
    const runner = this.users.manager.dataSource.createQueryRunner('master');
    try {
      const users = runner.manager.getRepository(User);
      return directoryUser(await users.findOne({ where, cache: false }));
    } finally {
      await runner.release();
    }
  }
}

function directoryUser(user: User | null): DirectoryUser | null {
  if (user === null) return null;
  const { id, passwordHash, username, email } = user;
  return {
    id,
    passwordHash,
    disabled: user.disabled !== 0,
    claims: { username, email, roles: (user.roles ?? 'user').split(',') },
  };
}

/** The number for a 32-bit id column, written in its one canonical form; null for a text that can't be a user's id. */
function idOf(text: string): number | null {
  return /^[1-9]\d{0,9}$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : null;
}

/** Two names that look the same are the same. */
function keyOf(username: string): string {
  return username.normalize('NFKC').toLowerCase();
}

/** SQLite, PostgreSQL and MySQL each report a unique-constraint violation in their own way. */
function isTaken(error: unknown): boolean {
  const code =
    error instanceof QueryFailedError ? (error.driverError as { code?: string }).code : '';
  return ['SQLITE_CONSTRAINT_UNIQUE', '23505', 'ER_DUP_ENTRY'].includes(code ?? '');
}
