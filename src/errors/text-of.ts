/** A thrown value as text for the log. Anything can be thrown, and not everything can be converted to a string. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'a value that has no text';
  }
}
