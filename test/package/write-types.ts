import { readFileSync, writeFileSync } from 'node:fs';
import { documents } from './documents.js';
import { declaredIn, type PublicApi } from './public-api.js';

const entries = ['src/index.ts', 'src/client/index.ts', 'src/testing/index.ts'];

/** Brings the types that the reference pages show up to date. */
export function writeTypes(api: PublicApi): void {
  const inCode = (block: string) =>
    declaredIn(block)
      .flatMap((name) => entries.map((entry) => api.typeDeclaration(entry, name)))
      .find((text) => text !== undefined);
  for (const { file } of documents.filter((page) => page.file.startsWith('docs/reference/'))) {
    const url = new URL(`../../${file}`, import.meta.url);
    const text = readFileSync(url, 'utf8').replaceAll(
      /^```ts\n([^]*?)^```$/gm,
      (fence: string, block: string) => {
        const declaration = inCode(block);
        return declaration === undefined ? fence : `\`\`\`ts\n${declaration}\n\`\`\``;
      },
    );
    writeFileSync(url, text);
  }
}
