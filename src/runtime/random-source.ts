import { randomBytes } from 'node:crypto';

/** The source of secrets: a CSPRNG. Only tests replace it. */
export interface RandomSource {
  bytes(size: number): Buffer;
}

/** The token of the port: a {@link RandomSource}. */
export const RANDOM_SOURCE = 'nestjs-refresh-auth:RANDOM_SOURCE';

export const systemRandom: RandomSource = { bytes: (size) => randomBytes(size) };
