import { createHash } from 'node:crypto';
import { KNOWN_SECRET_HASHES } from './known-secret-hashes.js';
import { unwrapped } from './unwrapped.js';

/** Bytes kept of each SHA-256: a random secret matches one of them once in 10^16. */
export const BYTES_OF_HASH = 8;

let known: ReadonlySet<string> | undefined;

/** Whether a secret is in public lists, tutorials or documentation: see test/known-secrets/. */
export function isKnown(secret: string): boolean {
  if (known === undefined) {
    const bytes = Buffer.from(KNOWN_SECRET_HASHES, 'base64').toString('latin1');
    const count = bytes.length / BYTES_OF_HASH;
    known = new Set(
      Array.from({ length: count }, (_, i) =>
        bytes.slice(i * BYTES_OF_HASH, (i + 1) * BYTES_OF_HASH),
      ),
    );
  }
  return known.has(hashOfSecret(secret));
}

/** The same hash for a secret in capitals, in base64 or base64url, padded or not. */
export function hashOfSecret(secret: string): string {
  const plain = unwrapped(secret)
    .toLowerCase()
    .replace(/=+$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
  return createHash('sha256').update(plain).digest().toString('latin1', 0, BYTES_OF_HASH);
}
