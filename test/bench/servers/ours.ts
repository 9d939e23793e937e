import { generateKeyPairSync } from 'node:crypto';
import { Controller, Get, Module, UseGuards } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import {
  AuthModule,
  AuthService,
  JwtAuthGuard,
  type AccessTokenOptions,
  type AuthModuleOptions,
  type UserDirectory,
} from '../../../src/index.js';
import { dataSourceOptions } from '../../../src/app/database.js';
import { AppUsers } from '../../../src/app/users/app-users.js';
import { UsersModule } from '../../../src/app/users/users.module.js';
import { HELLO } from './hello.js';
import { openSessions } from './raw-sessions.js';
import { createApp, serve, USERS } from './serve.js';

/** The package with its defaults, on the reference app's users and database settings. */
const {
  DATABASE_URL = 'sqlite::memory:',
  ALGORITHM = 'HS256',
  CREDENTIALS = 'access',
  LEEWAY,
  /** How users are loaded: by the reference app with TypeORM, or by the raw driver, as on the other side. */
  USERS_BY = 'app',
} = process.env;

function accessToken(): AccessTokenOptions {
  const expiresIn = '1h';
  const cache = process.env.CACHE === 'off' ? { cache: false as const } : {};
  switch (ALGORITHM) {
    case 'ES256': {
      const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return { keys: [{ algorithm: 'ES256', privateKey }], expiresIn, ...cache };
    }
    case 'RS256': {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return { keys: [{ algorithm: 'RS256', privateKey }], expiresIn, ...cache };
    }
    default:
      return { secret: 'Vw2Jm0sM5cQ8xkq3P6TzR1eYhNf9uLdA', expiresIn, ...cache };
  }
}

async function usersByDriver(): Promise<UserDirectory> {
  const { findUser } = await openSessions(DATABASE_URL);
  return {
    findByLogin: async () => null,
    async findById(userId) {
      const user = await findUser(Number(userId));
      if (user === undefined) return null;
      return { id: user.id, passwordHash: '-', claims: { username: user.username } };
    },
    create: async () => null,
  };
}

@Controller()
class HelloController {
  @Get('hello')
  @UseGuards(JwtAuthGuard)
  hello(): object {
    return HELLO;
  }

  @Get('open')
  open(): object {
    return HELLO;
  }
}

@Module({
  imports: [
    TypeOrmModule.forRoot({ ...dataSourceOptions(DATABASE_URL), migrationsRun: true }),
    AuthModule.forRootAsync({
      registration: true,
      imports: [UsersModule],
      inject: [AppUsers],
      useFactory: async (users: AppUsers): Promise<AuthModuleOptions> => ({
        users: USERS_BY === 'driver' ? await usersByDriver() : users,
        accessToken: accessToken(),
        refreshToken: {
          secret: 'b8Zk4NwX7tGq2RyC5mUe9HsJ3vLpD6aF',
          ...(LEEWAY === undefined ? {} : { leeway: LEEWAY }),
        },
        cookies: { access: CREDENTIALS === 'access cookie' },
        ...(process.env.LIMITS === 'off' ? { limits: false } : {}),
        // Without log lines for each of a thousand sessions.
        events: () => {},
      }),
    }),
  ],
  controllers: [HelloController],
})
class OursModule {}

const app = await createApp(OursModule);
const auth = app.get(AuthService);
const users = app.get(AppUsers, { strict: false });

await serve(app, async () => {
  const credentials: string[] = [];
  for (let i = 0; i < USERS; i += 1) {
    const username = `user${i}`;
    const user =
      (await users.findByLogin(username)) ??
      (await users.create({ username, passwordHash: process.env.PASSWORD_HASH ?? '-' }));
    const issued = await auth.loginAs(String(user!.id));
    credentials.push(CREDENTIALS === 'refresh' ? issued.refreshToken!.token : issued.accessToken);
  }
  return credentials;
});

process.on('message', (call: { revokeAllFor?: string }) => {
  const { revokeAllFor } = call;
  if (revokeAllFor === undefined) return;
  void auth.revokeAllForUser(revokeAllFor).then((ended) => process.send!({ ended }));
});
