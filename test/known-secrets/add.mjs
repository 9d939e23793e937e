// Adds the lines of files to src/tokens/known-secret-hashes.ts: see README.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { KNOWN_SECRET_HASHES } from '../../dist/src/tokens/known-secret-hashes.js';
import { BYTES_OF_HASH, hashOfSecret } from '../../dist/src/tokens/known-secrets.js';

/** Shorter secrets are refused for their length. */
const LEAST_BYTES = 32;

const kept = Buffer.from(KNOWN_SECRET_HASHES, 'base64').toString('latin1');
const hashes = new Set(kept.match(new RegExp(`[^]{${BYTES_OF_HASH}}`, 'g')) ?? []);
for (const file of process.argv.slice(2)) {
  for (const line of readFileSync(file, 'utf8').split(/\r?\n/)) {
    if (Buffer.byteLength(line) >= LEAST_BYTES) hashes.add(hashOfSecret(line));
  }
}
const base64 = Buffer.from([...hashes].toSorted().join(''), 'latin1').toString('base64');
writeFileSync(
  new URL('../../src/tokens/known-secret-hashes.ts', import.meta.url),
  `/** See test/known-secrets/README.md. */\nexport const KNOWN_SECRET_HASHES =\n  '${base64}';\n`,
);
process.stdout.write(`${hashes.size} known secrets\n`);
