/** A thrown value as a text for the log. Anything can be thrown, and not everything can be made a text. */
export function textOf(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return 'a value that has no text';
  }
}
