import { Markdown, tablesIn } from './markdown.js';

export { code } from './markdown.js';

const readme = new Markdown('README.md');

/** The fenced code blocks of README.md in one language, in order. */
export const codeBlocks = (language: string): string[] => readme.codeBlocks(language);

/** The text under a heading of README.md, up to the next heading of the same or a higher rank. */
export const section = (heading: string): string => readme.section(heading);

/** The rows of the first table under a heading, without its head; cells as they are written. */
export function tableUnder(heading: string): string[][] {
  const [table] = tablesIn(section(heading));
  return table!.slice(1);
}
