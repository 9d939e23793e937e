import { readFileSync } from 'node:fs';

/** A fenced block of a document: its language, and what is between the fences. */
export interface CodeBlock {
  language: string;
  text: string;
}

/** A document of the repository, parsed as far as tests compare it with the code. */
export class Markdown {
  readonly text: string;

  /** @param file relative to the repository */
  constructor(readonly file: string) {
    this.text = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  }

  /** The text under a heading, up to the next heading of the same or a higher rank. */
  section(heading: string): string {
    const rank = heading.indexOf(' ');
    const start = `\n${this.text}`.indexOf(`\n${heading}\n`);
    if (start < 0) throw new Error(`${this.file} has no heading "${heading}".`);
    const rest = this.text.slice(start + heading.length + 1);
    const end = rest.search(new RegExp(`^#{1,${rank}} `, 'm'));
    return end < 0 ? rest : rest.slice(0, end);
  }

  /** The rows of the first table under a heading, without its head; cells as they are written. */
  tableUnder(heading: string): string[][] {
    const [table] = tablesIn(this.section(heading));
    if (table === undefined) throw new Error(`${this.file} has no table under "${heading}".`);
    return table.slice(1);
  }

  /** The fenced code blocks, in order. */
  blocks(): CodeBlock[] {
    return [...this.text.matchAll(/^```(\S*)\n([\s\S]*?)^```$/gm)].map(([, language, text]) => ({
      language: language!,
      text: text!,
    }));
  }

  /** The fenced code blocks in one language, in order. */
  codeBlocks(language: string): string[] {
    return this.blocks()
      .filter((block) => block.language === language)
      .map(({ text }) => text);
  }
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

/** The texts between backticks, in order. */
export function code(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]!);
}
