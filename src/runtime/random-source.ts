import { randomBytes } from 'node:crypto';

/** The source of secrets: a CSPRNG. Only tests replace it. */
export interface RandomSource {
  bytes(size: number): Buffer;
}

export const systemRandom: RandomSource = { bytes: (size) => randomBytes(size) };
