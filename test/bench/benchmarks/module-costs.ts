import { databaseKinds, sqliteKind } from '../../harness/databases.js';
import type { Benchmark } from '../bench.js';
import { median, resultOf, type Result } from '../results.js';
import { ServerProcess } from '../server-process.js';

const alone = (
  what: Pick<Result, 'name' | 'unit' | 'of'>,
  measured: readonly number[],
): Result => ({
  ...what,
  ratio: null,
  ours: median(measured),
  other: null,
  rounds: measured.length,
  spread: null,
});

const postgres = databaseKinds.find(({ name }) => name === 'PostgreSQL');

const revocation: Benchmark = {
  name: 'revocation_latency_s',
  async run({ effort, report }) {
    const database = await (postgres ?? sqliteKind).create();
    const users = effort.isQuick ? 5 : 20;
    const environment = { DATABASE_URL: database.url, USERS: String(users) };
    const here = await ServerProcess.start('servers/ours', environment);
    const there = await ServerProcess.start('servers/ours', { ...environment, USERS: '0' });
    const latencies: number[] = [];
    for (const [i, token] of here.started.credentials.entries()) {
      const headers = { authorization: `Bearer ${token}` };
      const isLet = async () => (await fetch(`${there.started.url}/hello`, { headers })).ok;
      if (!(await isLet())) throw new Error('The other instance refuses a token that is good.');
      await here.call({ revokeAllFor: String(i + 1) });
      const revokedAt = performance.now();
      while (await isLet()) await new Promise((resolve) => setTimeout(resolve, 5));
      latencies.push((performance.now() - revokedAt) / 1000);
    }
    const of = `longest of ${users} revocations on one instance, until another refused the access token`;
    const longest = Math.max(...latencies);
    report({ ...alone({ name: this.name, unit: 's', of }, [longest]), rounds: users });
    await Promise.all([here.close(), there.close()]);
    await database.drop();
  },
};

async function bootOf(program: string): Promise<number> {
  const server = await ServerProcess.start(program, { USERS: '0' });
  await server.close();
  return server.started.bootMs;
}

const boot: Benchmark = {
  name: 'boot_ms',
  async run({ effort, report }) {
    const rounds: { ours: number; other: number }[] = [];
    for (let round = 0; round < effort.longRounds; round += 1) {
      const ours = await bootOf('servers/ours');
      rounds.push({ ours, other: await bootOf('servers/without-auth') });
    }
    const what = {
      name: this.name,
      unit: 'ms',
      of: 'from the start of the process to listening ÷ the same app (Nest, TypeORM, users) without AuthModule',
    };
    report(resultOf(what, rounds));
  },
};

const heap = (name: string, thing: 'revoked' | 'cached', of: string): Benchmark => ({
  name,
  async run({ report }) {
    const server = await ServerProcess.start('servers/heap', { THING: thing });
    report(alone({ name, unit: 'bytes', of }, [await server.call<number>({ fill: 10_000 })]));
    await server.close();
  },
});

/** The costs of the module apart from requests. */
export const moduleCosts: Benchmark[] = [
  revocation,
  boot,
  heap('heap_per_10k_revoked', 'revoked', 'heap that 10,000 revoked sessions take'),
  heap('heap_per_10k_cached', 'cached', 'heap that 10,000 remembered access tokens take'),
];
