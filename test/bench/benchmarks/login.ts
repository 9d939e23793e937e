import argon2 from 'argon2';
import type { Benchmark } from '../bench.js';
import { LoadGenerator } from '../load-generator.js';
import { resultOf } from '../results.js';
import { ServerProcess } from '../server-process.js';
import { serve, type Side } from '../side-by-side.js';

const PASSWORD = 'correct horse battery staple';
/** The package's defaults. */
const PARAMETERS = { memoryCost: 19456, timeCost: 2, parallelism: 1 };
const USERS = 50;

const environment = async () => ({
  PASSWORD,
  PASSWORD_HASH: await argon2.hash(PASSWORD, PARAMETERS),
  USERS: String(USERS),
  // They all come from one address.
  LIMITS: 'off',
});

const loggingIn = (server: ServerProcess, connections: number): Side => ({
  server,
  path: '/auth/login',
  method: 'POST',
  credentials: Array.from({ length: USERS }, (_, i) => `user${i}`),
  requestOf: (username) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  }),
  connections,
  keepsCookie: false,
});

const againstArgon2: Benchmark = {
  name: 'login_vs_argon2',
  async run({ generator, effort, report }) {
    const given = await environment();
    const ours = await ServerProcess.start('servers/ours', given);
    const alone = await ServerProcess.start('servers/argon2-alone', given);
    const amount = effort.isQuick ? 50 : 100;
    const side = { ...loggingIn(ours, 8), amount };
    await serve(side, generator, effort.warmUpSeconds);
    const rounds: { ours: number; other: number }[] = [];
    for (let round = 0; round < effort.longRounds; round += 1) {
      const verify = () => alone.call<number>({ verify: amount });
      const before = round % 2 === 0 ? await verify() : null;
      const { perSecond } = await serve(side, generator, effort.seconds);
      rounds.push({ ours: perSecond, other: before ?? (await verify()) });
    }
    const what = {
      name: this.name,
      unit: 'logins/s',
      of: 'POST /auth/login ÷ argon2.verify alone, same parameters, two at a time',
    };
    report(resultOf(what, rounds));
    await Promise.all([ours.close(), alone.close()]);
  },
};

/** Requests per second, far below what the route can serve. */
const CALM_RATE = 200;

const underFlood: Benchmark = {
  name: 'guarded_p99_under_login_flood',
  async run({ generator, effort, report }) {
    const ours = await ServerProcess.start('servers/ours', await environment());
    const flooder = new LoadGenerator();
    const guarded: Side = {
      server: ours,
      path: '/hello',
      method: 'GET',
      requestOf: (token) => ({ headers: { authorization: `Bearer ${token}` } }),
      connections: 10,
      keepsCookie: false,
      rate: CALM_RATE,
    };
    const { server: _, credentials = [], requestOf, path, ...flood } = loggingIn(ours, 100);
    const seconds = effort.isQuick ? 2 : 3;
    await serve(guarded, generator, effort.warmUpSeconds);
    const rounds: { ours: number; other: number }[] = [];
    for (let round = 0; round < effort.longRounds; round += 1) {
      const { p99: other } = await serve(guarded, generator, seconds);
      const flooded = flooder.run({
        ...flood,
        url: `${ours.started.url}${path}`,
        requests: credentials.map(requestOf),
        seconds: seconds + 1,
      });
      const { p99 } = await serve(guarded, generator, seconds);
      await flooded;
      // Waits until the rest of the flood is served.
      await serve({ ...loggingIn(ours, 1), amount: 1 }, flooder, seconds);
      rounds.push({ ours: p99, other });
    }
    const what = {
      name: this.name,
      unit: 'ms',
      of: `p99 of a guarded GET (${CALM_RATE} a second) with 100 logins in flight ÷ without`,
    };
    report(resultOf(what, rounds));
    await Promise.all([ours.close(), flooder.close()]);
  },
};

export const login: Benchmark[] = [againstArgon2, underFlood];
