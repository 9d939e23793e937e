/** Line ends, and control and direction characters that a terminal or log viewer could act on. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** A text in which every character can be seen: `<U+000A>` for a line end. So nobody forges a line of a log with it. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, named);
}

function named(character: string): string {
  return `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`;
}
