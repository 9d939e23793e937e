import { setMaxListeners } from 'node:events';
import { RefreshToken } from 'nestjs-refresh-auth';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import type { DatabaseKind } from '../harness/databases.js';
import { PASSWORD } from '../harness/test-secrets.js';
import { Browser } from './browser.js';
import { Checker } from './checker.js';
import { Clockwork, LEEWAY_MS } from './clockwork.js';
import { injectFaults } from './faults.js';
import { Figures } from './figures.js';
import { Fleet } from './fleet.js';
import { Gate } from './loop-control.js';
import { expectFound, LATE_MS, stealCookies } from './thieves.js';
import { Traffic } from './traffic.js';

export interface SoakOptions {
  database: DatabaseKind;
  seconds: number;
  instances: number;
  clients: number;
  thieves: number;
}

const USERS = 20;
const AT_ONCE = 16;

/** Honest clients, thieves and faults on a fleet for a while; nothing is asserted here. */
export async function soak(options: SoakOptions): Promise<Figures> {
  const database = await options.database.create();
  try {
    return await soakOn(database.url, options);
  } finally {
    await database.drop();
  }
}

async function soakOn(
  databaseUrl: string,
  { seconds, instances, clients, thieves }: SoakOptions,
): Promise<Figures> {
  const figures = Object.assign(new Figures(), { seconds, instances, clients });
  const environment = { REFRESH_TOKEN_LEEWAY: `${LEEWAY_MS}ms` };
  const fleet = await Fleet.start(instances, databaseUrl, environment, figures);
  try {
    const traffic = new Traffic(fleet.instances, figures);
    const checker = new Checker(figures, () => fleet.now());
    const gate = new Gate(AT_ONCE);
    const clockwork = new Clockwork(fleet, figures);
    const world = { traffic, checker, clockwork, figures, fleet, gate };
    const usernames = await registerUsers(traffic);
    const browsers = Array.from(
      { length: clients },
      (_, i) => new Browser(usernames[i % USERS]!, world),
    );
    await Promise.all(browsers.map((browser) => gate.through(() => browser.signIn())));

    const signal = AbortSignal.timeout(seconds * 1000);
    setMaxListeners(0, signal);
    const running = [
      clockwork.run(signal),
      injectFaults(fleet, figures, signal),
      ...browsers.map((browser) => browser.live(signal)),
    ];
    const stolen = Array.from({ length: thieves }, () => stealCookies(browsers, world, signal));
    await Promise.all([...running, ...stolen]);

    // No request is on its way any more, so the clocks may be set ahead by any time.
    await fleet.advance(LATE_MS);
    for (const token of await Promise.all(stolen)) {
      if (token !== null) await expectFound(token, world);
    }
    await Promise.all(browsers.map((browser) => gate.through(() => browser.refresh())));
    figures.sessionsEndedForReuse = await countReuse(databaseUrl);
    return figures;
  } finally {
    await fleet.close();
  }
}

async function registerUsers(traffic: Traffic): Promise<string[]> {
  const usernames = Array.from({ length: USERS }, (_, i) => `user${i}`);
  for (const username of usernames) {
    const body = { username, password: PASSWORD };
    const { status } = await traffic.insist('/auth/register', async () => ({ body, cookie: '' }));
    if (status !== 201 && status !== 409) throw new Error(`the registration failed with ${status}`);
  }
  return usernames;
}

/** Checks the database itself, apart from the responses. */
async function countReuse(databaseUrl: string): Promise<number> {
  const dataSource = await new DataSource(dataSourceOptions(databaseUrl)).initialize();
  try {
    return await dataSource.getRepository(RefreshToken).countBy({ revokedReason: 'reuse' });
  } finally {
    await dataSource.destroy();
  }
}
