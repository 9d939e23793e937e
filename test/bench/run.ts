import type { Benchmark } from './bench.js';
import { guard } from './benchmarks/guard.js';
import { login } from './benchmarks/login.js';
import { moduleCosts } from './benchmarks/module-costs.js';
import { peers } from './benchmarks/peers.js';
import { refresh } from './benchmarks/refresh.js';
import { FULL, QUICK } from './effort.js';
import { LoadGenerator } from './load-generator.js';
import { canPin } from './processes.js';
import { drawChart, formatRow, heading } from './report.js';
import type { Result } from './results.js';

/**
 * npm run bench -- [names…] [--quick] [--json] [--cpu] [--chart=FILE]
 */
const options = process.argv.slice(2);
const names = options.filter((option) => !option.startsWith('--'));
const isJson = options.includes('--json');
const chart = options.find((option) => option.startsWith('--chart='))?.slice('--chart='.length);
const effort = {
  ...(options.includes('--quick') ? QUICK : FULL),
  perCpuSecond: options.includes('--cpu'),
};

/** One benchmark of each kind, in less than three minutes. */
const QUICKLY = new Set([
  'guard_vs_bare',
  'guard_vs_docs_guard',
  'refresh_vs_driver',
  'login_vs_argon2',
  'guarded_p99_under_login_flood',
  'verify_vs_better_auth',
  'revocation_latency_s',
  'boot_ms',
  'heap_per_10k_revoked',
  'heap_per_10k_cached',
]);

const all: Benchmark[] = [...guard, ...refresh, ...login, ...peers, ...moduleCosts];
const unknown = names.filter((name) => !all.some((benchmark) => benchmark.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no benchmark ${unknown.join(', ')} here. There are:\n${all.map(({ name }) => `  ${name}`).join('\n')}\n`,
  );
  process.exit(1);
}
const wanted = all.filter(({ name, isOnRequest }) => {
  if (names.length > 0) return names.includes(name);
  return effort.isQuick ? QUICKLY.has(name) : isOnRequest !== true;
});
if (effort.isQuick && names.length === 0) {
  process.stderr.write('One of each kind. To run the others: npm run bench, or name them.\n');
}

if (!canPin) process.stderr.write('There is no taskset here: servers and load share the cores.\n');
for (const url of ['TEST_POSTGRES_URL', 'TEST_MYSQL_URL']) {
  if (!process.env[url]) process.stderr.write(`Left out: what needs ${url}.\n`);
}
if (!isJson) process.stdout.write(heading());

const results: Result[] = [];
const generator = new LoadGenerator();
const report = (result: Result) => {
  results.push(result);
  process.stdout.write(isJson ? `${JSON.stringify(result)}\n` : formatRow(result));
};
try {
  for (const benchmark of wanted) await benchmark.run({ generator, effort, report });
} finally {
  await generator.close();
}
if (chart !== undefined) await drawChart(results, chart);
