import { readFileSync } from 'node:fs';

const document = readFileSync(new URL('../../docs/client.md', import.meta.url), 'utf8');

/** The code in docs/client.md, by the file name that each block begins with. */
export const documentedCode: ReadonlyMap<string, string> = new Map(
  [...document.matchAll(/^```ts\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)].map(([, file, code]) => [
    file!,
    code!,
  ]),
);

/** How many blocks of TypeScript there are, named or not. */
export const blocksOfCode = [...document.matchAll(/^```ts$/gm)].length;
