import { Injectable, type Type } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { DirectoryUser, UserDirectory } from 'nestjs-refresh-auth';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn, Repository } from 'typeorm';

/** What a table of users has beside its ids. */
export interface UserRow {
  id: string | number | bigint;
  email: string;
  passwordHash: string;
}

/** A table of users that was there before the module, and its directory. */
export interface IdKind {
  entity: Type<UserRow>;
  directory: Type<UserDirectory>;
}

interface NewRow {
  username: string;
  passwordHash: string;
}

/** The columns beside the ids. */
abstract class Person {
  @Column({ type: 'varchar', length: 255, unique: true })
  email!: string;

  @Column({ type: 'varchar', length: 255 })
  passwordHash!: string;
}

@Entity('people')
class NumberedUser extends Person {
  @PrimaryGeneratedColumn()
  id!: number;
}

@Injectable()
class NumberedUsers implements UserDirectory<number> {
  constructor(@InjectRepository(NumberedUser) private readonly users: Repository<NumberedUser>) {}

  findByLogin(login: string): Promise<DirectoryUser<number> | null> {
    return this.users.findOneBy({ email: login.toLowerCase() });
  }

  findById(id: string): Promise<DirectoryUser<number> | null> {
    return this.users.findOneBy({ id: Number(id) });
  }

  async create({ username, passwordHash }: NewRow): Promise<DirectoryUser<number> | null> {
    return this.users.save({ email: username.toLowerCase(), passwordHash });
  }

  async updatePasswordHash(id: string, passwordHash: string, previousHash: string) {
    const unchanged = { id: Number(id), passwordHash: previousHash };
    return (await this.users.update(unchanged, { passwordHash })).affected === 1;
  }
}

/** The app numbers its users by itself, beyond what a JavaScript number can hold. */
let last = 2n ** 53n;
const nextId = (): bigint => (last += 1n);

/** TypeORM gives a `bigint` of PostgreSQL and MariaDB as a text. */
@Entity('people')
class TextNumberedUser extends Person {
  @PrimaryColumn({ type: 'bigint' })
  id!: string;
}

@Injectable()
class TextNumberedUsers implements UserDirectory<string> {
  constructor(
    @InjectRepository(TextNumberedUser) private readonly users: Repository<TextNumberedUser>,
  ) {}

  findByLogin(login: string): Promise<DirectoryUser<string> | null> {
    return this.users.findOneBy({ email: login.toLowerCase() });
  }

  findById(id: string): Promise<DirectoryUser<string> | null> {
    return this.users.findOneBy({ id });
  }

  async create({ username, passwordHash }: NewRow): Promise<DirectoryUser<string> | null> {
    const id = String(nextId());
    await this.users.insert({ id, email: username.toLowerCase(), passwordHash });
    return this.findById(id);
  }

  async updatePasswordHash(id: string, passwordHash: string, previousHash: string) {
    const unchanged = { id, passwordHash: previousHash };
    return (await this.users.update(unchanged, { passwordHash })).affected === 1;
  }
}

const asBigint = { to: String, from: (stored: string | number) => BigInt(stored) };

@Entity('people')
class BigUser extends Person {
  @PrimaryColumn({ type: 'bigint', transformer: asBigint })
  id!: bigint;
}

@Injectable()
class BigUsers implements UserDirectory<bigint> {
  constructor(@InjectRepository(BigUser) private readonly users: Repository<BigUser>) {}

  findByLogin(login: string): Promise<DirectoryUser<bigint> | null> {
    return this.users.findOneBy({ email: login.toLowerCase() });
  }

  findById(id: string): Promise<DirectoryUser<bigint> | null> {
    return this.users.findOneBy({ id: BigInt(id) });
  }

  async create({ username, passwordHash }: NewRow): Promise<DirectoryUser<bigint> | null> {
    const id = nextId();
    await this.users.insert({ id, email: username.toLowerCase(), passwordHash });
    return this.findById(String(id));
  }

  async updatePasswordHash(id: string, passwordHash: string, previousHash: string) {
    const unchanged = { id: BigInt(id), passwordHash: previousHash };
    return (await this.users.update(unchanged, { passwordHash })).affected === 1;
  }
}

@Entity('people')
class UuidUser extends Person {
  @PrimaryGeneratedColumn('uuid')
  id!: string;
}

@Injectable()
class UuidUsers implements UserDirectory<string> {
  constructor(@InjectRepository(UuidUser) private readonly users: Repository<UuidUser>) {}

  findByLogin(login: string): Promise<DirectoryUser<string> | null> {
    return this.users.findOneBy({ email: login.toLowerCase() });
  }

  findById(id: string): Promise<DirectoryUser<string> | null> {
    return this.users.findOneBy({ id });
  }

  async create({ username, passwordHash }: NewRow): Promise<DirectoryUser<string> | null> {
    return this.users.save({ email: username.toLowerCase(), passwordHash });
  }

  async updatePasswordHash(id: string, passwordHash: string, previousHash: string) {
    const unchanged = { id, passwordHash: previousHash };
    return (await this.users.update(unchanged, { passwordHash })).affected === 1;
  }
}

/** The query of a careless app leaves the hash out. */
@Entity('people')
class HiddenHashUser {
  @PrimaryGeneratedColumn()
  id!: number;

  @Column({ type: 'varchar', length: 255, unique: true })
  email!: string;

  @Column({ type: 'varchar', length: 255, select: false })
  passwordHash!: string;
}

@Injectable()
class HiddenHashUsers implements UserDirectory<number> {
  constructor(
    @InjectRepository(HiddenHashUser) private readonly users: Repository<HiddenHashUser>,
  ) {}

  findByLogin(login: string): Promise<DirectoryUser<number> | null> {
    return this.users.findOneBy({ email: login.toLowerCase() });
  }

  findById(id: string): Promise<DirectoryUser<number> | null> {
    return this.users.findOneBy({ id: Number(id) });
  }
}

export const numbers: IdKind = { entity: NumberedUser, directory: NumberedUsers };
export const texts: IdKind = { entity: TextNumberedUser, directory: TextNumberedUsers };
export const bigints: IdKind = { entity: BigUser, directory: BigUsers };
export const uuids: IdKind = { entity: UuidUser, directory: UuidUsers };
export const hiddenHashes: IdKind = { entity: HiddenHashUser, directory: HiddenHashUsers };
