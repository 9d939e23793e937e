/** What a platform gives; undefined where it lacks that, or has it and throws. */
export function tried<T>(feature: () => T): T | undefined {
  try {
    return feature();
  } catch {
    return undefined;
  }
}
