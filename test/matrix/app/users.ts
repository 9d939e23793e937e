import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import type { DirectoryUser, NewUser, UserDirectory } from 'nestjs-refresh-auth';
import { Repository } from 'typeorm';
import { User } from './user.entity.js';

@Injectable()
export class Users implements UserDirectory<number> {
  constructor(@InjectRepository(User) private readonly users: Repository<User>) {}

  async findByLogin(login: string): Promise<DirectoryUser<number> | null> {
    return directoryUser(await this.users.findOneBy({ username: login.toLowerCase() }));
  }

  async findById(id: string): Promise<DirectoryUser<number> | null> {
    return directoryUser(await this.users.findOneBy({ id: Number(id) }));
  }

  async create({ username, passwordHash, fields }: NewUser<{ email: string }>) {
    const name = username.toLowerCase();
    if (await this.users.findOneBy({ username: name })) return null;
    return directoryUser(await this.users.save({ username: name, passwordHash, ...fields }));
  }

  async updatePasswordHash(id: string, passwordHash: string, previousHash: string) {
    const where = { id: Number(id), passwordHash: previousHash };
    return (await this.users.update(where, { passwordHash })).affected === 1;
  }
}

function directoryUser(user: User | null): DirectoryUser<number> | null {
  if (user === null) return null;
  const { id, passwordHash, username, email } = user;
  const roles = username.startsWith('admin') ? ['admin'] : ['member'];
  return { id, passwordHash, claims: { username, email, roles } };
}
