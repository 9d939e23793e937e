import { readFileSync } from 'node:fs';

/** A document of the repository, taken apart as far as tests compare it with the code. */
export class Markdown {
  readonly #text: string;

  /** @param file relative to the repository */
  constructor(private readonly file: string) {
    this.#text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  }

  /** The text under a heading, up to the next heading of the same or a higher rank. */
  section(heading: string): string {
    const rank = heading.indexOf(' ');
    const start = this.#text.indexOf(`\n${heading}\n`);
    if (start < 0) throw new Error(`${this.file} has no heading "${heading}".`);
    const rest = this.#text.slice(start + heading.length + 2);
    const end = rest.search(new RegExp(`^#{1,${rank}} `, 'm'));
    return end < 0 ? rest : rest.slice(0, end);
  }

  /** The fenced code blocks in one language, in order. */
  codeBlocks(language: string): string[] {
    return codeBlocksIn(this.#text, language);
  }
}

export function codeBlocksIn(text: string, language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm');
  return [...text.matchAll(fence)].map((match) => match[1]!);
}

/** The tables of a text: the cells of each row as they are written, the head first. */
export function tablesIn(text: string): string[][][] {
  return [...text.matchAll(/(?:^\|.*\n)+/gm)].map(([table]) => {
    const [head, , ...rows] = table.trimEnd().split('\n').map(cellsOf);
    return [head!, ...rows];
  });
}

function cellsOf(line: string): string[] {
  return line
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));
}

/** What stands between backticks: all of it, in order. */
export function code(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
}
