import { readdirSync } from 'node:fs';

/**
 * The fast tests of the parts that keep sessions safe, in one file for Stryker, which runs Jest two thousand times: Jest
 * would load the source anew for each test file.
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
/** Its search takes fifteen seconds. */
const slow = 'interleavings.test.ts';

for (const folder of folders) {
  for (const file of readdirSync(new URL(`./${folder}/`, import.meta.url))) {
    if (file.endsWith('.test.ts') && file !== slow) await import(`./${folder}/${file}`);
  }
}
await import('../security/boundaries.test.js');
