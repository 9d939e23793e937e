import { readdirSync } from 'node:fs';

/**
 * The fast tests of what keeps sessions safe, in one file for Stryker, which runs Jest two thousand times: Jest loads
 * the source anew for each test file.
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
/** Searches for a quarter of a minute. */
const slow = 'interleavings.test.ts';

for (const folder of folders) {
  for (const file of readdirSync(new URL(`./${folder}/`, import.meta.url))) {
    if (file.endsWith('.test.ts') && file !== slow) await import(`./${folder}/${file}`);
  }
}
await import('../security/boundaries.test.js');
