import { randomBytes } from 'node:crypto';

/** Where secrets come from: a CSPRNG. Replaced only in tests. */
export interface RandomSource {
  bytes(size: number): Buffer;
}

export const RANDOM_SOURCE = Symbol('nestjs-refresh-auth random source');

export const systemRandom: RandomSource = { bytes: (size) => randomBytes(size) };
