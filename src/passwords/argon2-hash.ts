import { ARGON2_COST } from '../options/password-bounds.js';

/** The variant and the cost of an argon2 hash. */
export interface Argon2Cost {
  kind: string;
  /** KiB */
  memoryCost: number;
  timeCost: number;
  parallelism: number;
}

/** The form of an argon2 hash (PHC string format). */
const PHC = /^\$(argon2(?:id|i|d))\$v=\d+\$m=(\d+),t=(\d+),p=(\d+)\$[\w+/=]+\$[\w+/=]+$/;

/** The cost of a stored hash; null if it isn't argon2 or isn't safe to compute. */
export function usableArgon2Cost(storedHash: string): Argon2Cost | null {
  const [, kind, memoryCost, timeCost, parallelism] = PHC.exec(storedHash) ?? [];
  if (kind === undefined) return null;
  const cost = {
    kind,
    memoryCost: Number(memoryCost),
    timeCost: Number(timeCost),
    parallelism: Number(parallelism),
  };
  const isBounded =
    cost.memoryCost <= ARGON2_COST.memoryCost.most &&
    cost.timeCost <= ARGON2_COST.timeCost.most &&
    cost.parallelism <= ARGON2_COST.parallelism.most;
  return isBounded ? cost : null;
}

/** Whether a hash is not argon2id, or is cheaper to compute than the current settings. */
export function isWeaker(
  cost: Argon2Cost,
  wanted: { memoryCost: number; timeCost: number },
): boolean {
  return (
    cost.kind !== 'argon2id' ||
    cost.memoryCost < wanted.memoryCost ||
    cost.timeCost < wanted.timeCost
  );
}
