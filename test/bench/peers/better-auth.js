import { createServer } from 'node:http';
import { betterAuth } from 'better-auth';
import { getMigrations } from 'better-auth/db/migration';
import { toNodeHandler } from 'better-auth/node';
import Database from 'better-sqlite3';
import { cookiesOf, serve, USERS } from './serve.js';

/**
 * better-auth as its documentation sets it up, on SQLite, behind Node's server by its own handler. Its rate limit is off,
 * which would otherwise end the measurement, and its passwords are hashed cheaply, because only sessions are measured.
 */
const options = {
  baseURL: 'http://localhost:3000',
  secret: 'a random secret for the benchmark, of more than 32 characters',
  database: new Database(':memory:'),
  emailAndPassword: {
    enabled: true,
    password: { hash: async (password) => password, verify: async () => true },
  },
  session: { cookieCache: { enabled: process.env.COOKIE_CACHE === 'on', maxAge: 60 * 60 } },
  rateLimit: { enabled: false },
  telemetry: { enabled: false },
};
const { runMigrations } = await getMigrations(options);
await runMigrations();
const auth = betterAuth(options);

await serve(createServer(toNodeHandler(auth)), async () => {
  const cookies = [];
  for (let i = 0; i < USERS; i += 1) {
    const answer = await auth.api.signUpEmail({
      body: { name: `user${i}`, email: `user${i}@example.com`, password: 'correct horse battery' },
      asResponse: true,
    });
    cookies.push(cookiesOf(answer));
  }
  return cookies;
});
