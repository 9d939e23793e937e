import { createServer } from 'node:http';
import connectPgSimple from 'connect-pg-simple';
import express from 'express';
import session from 'express-session';
import { cookiesOf, serve, USERS } from './serve.js';

/** express-session on PostgreSQL, as the two packages' documentation sets them up. */
const PgSession = connectPgSimple(session);
const app = express();
app.use(
  session({
    store: new PgSession({ conString: process.env.DATABASE_URL, createTableIfMissing: true }),
    secret: 'a random secret for the benchmark, of more than 32 characters',
    resave: false,
    saveUninitialized: false,
    cookie: { maxAge: 30 * 24 * 60 * 60 * 1000 },
  }),
);
app.post('/login/:name', (request, response) => {
  request.session.user = { id: request.params.name, username: request.params.name };
  response.sendStatus(204);
});
app.get('/me', (request, response) => {
  if (request.session.user === undefined) return response.sendStatus(401);
  return response.json(request.session.user);
});

await serve(createServer(app), async (url) => {
  const cookies = [];
  for (let i = 0; i < USERS; i += 1) {
    cookies.push(cookiesOf(await fetch(`${url}/login/user${i}`, { method: 'POST' })));
  }
  return cookies;
});
