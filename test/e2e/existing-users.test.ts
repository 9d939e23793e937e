import { Controller, Get, Logger, Module, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { TypeOrmModule } from '@nestjs/typeorm';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import argon2 from 'argon2';
import {
  authEntities,
  authMigrations,
  AuthModule,
  AuthService,
  CurrentUser,
  JwtAuthGuard,
  type AuthEvent,
  type AuthModuleOptions,
  type UserDirectory,
  type UserId,
} from 'nestjs-refresh-auth';
import { scryptSync, timingSafeEqual } from 'node:crypto';
import { DataSource, type Repository } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import { databaseKinds, sqliteKind, type DatabaseKind } from '../harness/databases.js';
import { describeOnEach } from '../harness/describe-on.js';
import { FakeClock } from '../harness/fake-clock.js';
import { HttpClient } from '../harness/http-client.js';
import { ACCESS_SECRET, PASSWORD, REFRESH_SECRET } from '../harness/test-secrets.js';
import {
  bigints,
  hiddenHashes,
  numbers,
  texts,
  uuids,
  type IdKind,
  type UserRow,
} from './id-kinds.js';

const NEW_PASSWORD = 'battery horse staple correct';

@Controller()
class WhoController {
  @Get('who')
  @UseGuards(JwtAuthGuard)
  who(@CurrentUser('id') id: unknown) {
    return { id };
  }
}

/** An old hash, as an earlier system stored it. */
const scrypt = (password: string) => `scrypt$${scryptSync(password, 'salt', 32).toString('hex')}`;

/** The algorithm of a hash in PHC form, and what it costs. */
const costs = (hash: string) => hash.split('$').slice(0, 4);

/** An app whose users are in a table of its own. */
async function startAppOf({ entity, directory }: IdKind, database: DatabaseKind) {
  const { url: databaseUrl, drop } = await database.create();
  const events: AuthEvent[] = [];

  @Module({
    imports: [TypeOrmModule.forFeature([entity])],
    providers: [directory],
    exports: [directory],
  })
  class PeopleModule {}

  @Module({
    imports: [
      TypeOrmModule.forRoot({
        ...dataSourceOptions(databaseUrl),
        entities: [entity, ...authEntities],
        migrations: authMigrations,
        migrationsRun: true,
        // For the app's own table, as in many a beginning.
        synchronize: true,
      }),
      AuthModule.forRootAsync({
        registration: 'create' in directory.prototype,
        imports: [PeopleModule],
        inject: [directory],
        useFactory: (users: UserDirectory): AuthModuleOptions => ({
          users,
          accessToken: { secret: ACCESS_SECRET },
          refreshToken: { secret: REFRESH_SECRET },
          clock: new FakeClock(),
          events: (event) => void events.push(event),
          passwordHashers: [
            {
              recognizes: (hash) => hash.startsWith('scrypt$'),
              verify: async (hash, password) =>
                timingSafeEqual(Buffer.from(hash), Buffer.from(scrypt(password))),
            },
          ],
        }),
      }),
    ],
    controllers: [WhoController],
  })
  class ExistingAppModule {}

  const app = await NestFactory.create(ExistingAppModule, { logger: false, abortOnError: false });
  await app.listen(0, '127.0.0.1');
  const url = (await app.getUrl()).replace('127.0.0.1', 'localhost');
  const dataSource = app.get(DataSource);
  return {
    url,
    auth: app.get(AuthService),
    dataSource,
    users: dataSource.getRepository(entity) as Repository<UserRow>,
    events,
    async close() {
      await app.close();
      await drop();
    },
  };
}
type ExistingApp = Awaited<ReturnType<typeof startAppOf>>;

let people = 0;
const newEmail = () => `person${(people += 1)}@example.com`;

const subjectOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()).sub;

const onServers = databaseKinds.filter(({ name }) => name !== 'SQLite');
const kinds: [string, IdKind, DatabaseKind[]][] = [
  ['numbers', numbers, databaseKinds],
  ['bigints as texts', texts, onServers],
  ['bigints', bigints, onServers],
  ['uuids', uuids, databaseKinds],
];

describe.each(kinds)('users with ids that are %s', (_what, kind, databases) => {
  describeOnEach(databases)('on $name', (database) => {
    let app: ExistingApp;
    beforeAll(async () => {
      app = await startAppOf(kind, database);
    });
    afterAll(() => app?.close());
    beforeEach(() => void app.events.splice(0));

    /** A user who registered, and the id as the app has it. */
    async function registered() {
      const email = newEmail();
      const client = new HttpClient(app.url);
      const body = { username: email, password: PASSWORD };
      const { status, body: tokens } = await client.post('/auth/register', { body });
      expect(status).toBe(201);
      const { id } = await app.users.findOneByOrFail({ email });
      return { email, client, id, bearer: tokens.accessToken as string };
    }
    const login = (email: string, password = PASSWORD, client = new HttpClient(app.url)) =>
      client.post('/auth/login', { body: { username: email, password } });

    it('register, log in by e-mail in any case, and refresh, under the text of their id', async () => {
      const { email, client, id, bearer } = await registered();
      const tokens = [bearer];
      tokens.push((await login(email.toUpperCase(), PASSWORD, client)).body.accessToken);
      tokens.push((await client.post('/auth/refresh')).body.accessToken);
      expect(tokens.map(subjectOf)).toEqual([String(id), String(id), String(id)]);
      const who = await client.get('/who', { bearer: tokens[2]! });
      expect(who.body).toEqual({ id: String(id) });
      const byId = app.events.filter((event) => 'userId' in event);
      expect(byId.map(({ type }) => type)).toEqual(
        expect.arrayContaining(['registered', 'login_succeeded', 'rotated']),
      );
      expect(new Set(byId.map((event) => (event as { userId: unknown }).userId))).toEqual(
        new Set([String(id)]),
      );
    });

    it('are listed, logged in and signed out by the id as the app has it', async () => {
      const { client, id, bearer } = await registered();
      const issued = await app.auth.loginAs(id);
      expect(issued.userId).toBe(String(id));
      const sessions = await app.auth.listSessions(id);
      expect(sessions).toHaveLength(2);
      expect(await app.auth.revokeSession(id, issued.sessionId)).toBe(true);
      expect(await app.auth.revokeAllForUser(id)).toBe(1);
      expect((await client.get('/who', { bearer })).body.code).toBe('session_revoked');
      expect((await client.post('/auth/refresh')).body.code).toBe('session_revoked');
    });

    it('get a password by the id as the app has it, which ends their sessions', async () => {
      const { email, client, id } = await registered();
      await app.auth.setPassword(id, NEW_PASSWORD);
      expect((await client.post('/auth/refresh')).body.code).toBe('session_revoked');
      expect((await login(email)).status).toBe(401);
      expect((await login(email, NEW_PASSWORD)).status).toBe(200);
    });

    it('change their password themselves, and stay signed in', async () => {
      const { email, client, bearer } = await registered();
      const body = { currentPassword: PASSWORD, newPassword: NEW_PASSWORD };
      expect((await client.post('/auth/password', { bearer, body })).status).toBe(204);
      expect((await client.post('/auth/refresh')).status).toBe(200);
      expect((await login(email, NEW_PASSWORD)).status).toBe(200);
    });

    it.each<[string, (password: string) => Promise<string>]>([
      ['hashPassword made', (password) => app.auth.hashPassword(password)],
      ['argon2id made with lower costs', (password) => argon2.hash(password, { memoryCost: 1024 })],
      ['a hasher of the app recognizes', async (password) => scrypt(password)],
    ])('log in by a hash that %s, and have one of today’s costs then', async (_made, hash) => {
      const { email, id } = await registered();
      await app.users.update({ id } as object, { passwordHash: await hash(PASSWORD) });
      expect((await login(email, NEW_PASSWORD)).status).toBe(401);
      expect((await login(email)).status).toBe(200);
      const { passwordHash } = await app.users.findOneByOrFail({ email });
      expect(costs(passwordHash)).toEqual(costs(await app.auth.hashPassword(PASSWORD)));
    });
  });
});

describe.each(databaseKinds)('at the edges of a kind, on $name,', (database) => {
  it.each([0, -7, 2_147_483_647])('the number %p is a user like any other', async (id) => {
    const app = await startAppOf(numbers, database);
    try {
      const email = newEmail();
      const client = new HttpClient(app.url);
      const passwordHash = await app.auth.hashPassword(PASSWORD);
      const { id: given } = await app.users.save({ email, passwordHash });
      // MariaDB takes a zero that is inserted for the next number.
      await app.dataSource.query(`UPDATE people SET id = ${id} WHERE id = ${given}`);
      const body = { username: email, password: PASSWORD };
      const { accessToken } = (await client.post('/auth/login', { body })).body;
      expect(subjectOf(accessToken)).toBe(String(id));
      expect((await client.post('/auth/refresh')).status).toBe(200);
      expect(await app.auth.listSessions(id)).toHaveLength(1);
      await app.auth.setPassword(id, NEW_PASSWORD);
      expect((await client.post('/auth/refresh')).body.code).toBe('session_revoked');
    } finally {
      await app.close();
    }
  });

  it('a uuid in the other case ends the sessions of its user', async () => {
    const app = await startAppOf(uuids, database);
    try {
      const ids: UserId[] = [];
      for (const end of [
        (id: string) => app.auth.revokeAllForUser(id),
        (id: string) => app.auth.logoutAll(id),
        // PostgreSQL and MariaDB find the user, SQLite doesn't.
        (id: string) => app.auth.setPassword(id, NEW_PASSWORD).catch(() => app.auth.logoutAll(id)),
      ]) {
        const client = new HttpClient(app.url);
        const body = { username: newEmail(), password: PASSWORD };
        await client.post('/auth/register', { body });
        const { id } = await app.users.findOneByOrFail({ email: body.username });
        ids.push(id);
        await end(String(id).toUpperCase());
        expect((await client.post('/auth/refresh')).body.code).toBe('session_revoked');
      }
      expect(ids.every((id) => /[a-f]/.test(String(id)))).toBe(true);
    } finally {
      await app.close();
    }
  });

  it('a hash that the query leaves out is an outage with a sentence, and no wrong password', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const app = await startAppOf(hiddenHashes, database);
    try {
      const email = newEmail();
      await app.users.insert({ email, passwordHash: await app.auth.hashPassword(PASSWORD) });
      const body = { username: email, password: PASSWORD };
      const { status, body: refusal } = await new HttpClient(app.url).post('/auth/login', { body });
      expect([status, refusal.code]).toEqual([503, 'store_unavailable']);
      expect(error).toHaveBeenCalledWith(
        expect.stringMatching(/findByLogin\(\) .* passwordHash is undefined: .*select: false/),
      );
    } finally {
      error.mockRestore();
      await app.close();
    }
  });
});

describe('a bigint that SQLite’s driver has rounded to a number', () => {
  it('is an outage with a sentence, so that nobody is taken for their neighbour', async () => {
    const error = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
    const app = await startAppOf(texts, sqliteKind);
    try {
      const body = { username: newEmail(), password: PASSWORD };
      const { status, body: refusal } = await new HttpClient(app.url).post('/auth/register', {
        body,
      });
      expect([status, refusal.code]).toEqual([503, 'store_unavailable']);
      expect(error).toHaveBeenCalledWith(
        expect.stringMatching(/a user whose id is 90071992547\d{5}\./),
      );
    } finally {
      error.mockRestore();
      await app.close();
    }
  });
});
