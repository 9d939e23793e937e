import { readdirSync } from 'node:fs';

/**
 * The fast tests of the parts that keep sessions safe, in one file for Stryker, which runs Jest thousands of times: Jest
 * would load the source anew for each test file. MUTATION_TESTS names the folders if not all are wanted.
 */
const folders = [
  '.',
  'access',
  'accounts',
  'errors',
  'events',
  'http',
  'input',
  'limits',
  'options',
  'outages',
  'runtime',
  'sessions',
  'tokens',
  'usernames',
  'users',
];
/** They search for what no one thought of, for fifteen seconds each. */
const slow = new Set(['interleavings.test.ts', 'two-modules.test.ts', 'every-option.test.ts']);

for (const folder of process.env.MUTATION_TESTS?.split(',') ?? folders) {
  for (const file of readdirSync(new URL(`./${folder}/`, import.meta.url))) {
    if (file.endsWith('.test.ts') && !slow.has(file)) await import(`./${folder}/${file}`);
  }
}
await import('./injection-tokens.test.js');
await import('../security/boundaries.test.js');
