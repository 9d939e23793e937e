import { randomBytes } from 'node:crypto';

/** Where time comes from: milliseconds since the epoch. Replaced only in tests. */
export interface Clock {
  now(): number;
}

/** Where secrets come from: a CSPRNG. Replaced only in tests. */
export interface RandomSource {
  bytes(size: number): Buffer;
}

export const CLOCK = Symbol('nestjs-refresh-auth clock');
export const RANDOM_SOURCE = Symbol('nestjs-refresh-auth random source');

export const systemClock: Clock = { now: () => Date.now() };
export const systemRandom: RandomSource = { bytes: (size) => randomBytes(size) };
