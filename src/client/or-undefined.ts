/** Reads a platform feature; undefined when it is missing or throws. */
export function orUndefined<T>(feature: () => T): T | undefined {
  try {
    return feature();
  } catch {
    return undefined;
  }
}
