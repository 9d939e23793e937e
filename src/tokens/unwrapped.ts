/** A secret without what a `.env` file or a shell may add around it: white space, line ends, quotes. */
export function unwrapped(text: string): string {
  const trimmed = text.trim();
  return (/^(["'`])(.*)\1$/s.exec(trimmed)?.[2] ?? trimmed).trim();
}
