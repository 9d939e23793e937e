/** The form of an argon2 hash (PHC string format). */
const PHC = /^\$(argon2(?:id|i|d))\$v=\d+\$m=(\d+),t=(\d+),p=(\d+)\$[\w+/=]+\$[\w+/=]+$/;

/** Most that a stored hash may ask for: one with m=4 GiB takes 18 seconds and the memory. */
const MOST = { memoryCost: 1024 * 1024, timeCost: 32, parallelism: 16 };

/** Whether it is an argon2 hash whose parameters are safe to compute with. */
export function isUsableArgon2Hash(storedHash: string): boolean {
  const [, , memoryCost, timeCost, parallelism] = PHC.exec(storedHash) ?? [];
  return (
    memoryCost !== undefined &&
    Number(memoryCost) <= MOST.memoryCost &&
    Number(timeCost) <= MOST.timeCost &&
    Number(parallelism) <= MOST.parallelism
  );
}
