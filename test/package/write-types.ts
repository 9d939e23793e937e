import { readFileSync, writeFileSync } from 'node:fs';
import { declaredIn, type PublicApi } from './public-api.js';

const file = new URL('../../docs/reference.md', import.meta.url);
const entries = ['src/index.ts', 'src/client/index.ts', 'src/testing/index.ts'];

/** Brings the types that docs/reference.md shows up to date. */
export function writeTypes(api: PublicApi): void {
  const inCode = (block: string) =>
    declaredIn(block)
      .flatMap((name) => entries.map((entry) => api.typeDeclaration(entry, name)))
      .find((text) => text !== undefined);
  const text = readFileSync(file, 'utf8').replaceAll(
    /^```ts\n([^]*?)^```$/gm,
    (fence: string, block: string) => {
      const declaration = inCode(block);
      return declaration === undefined ? fence : `\`\`\`ts\n${declaration}\n\`\`\``;
    },
  );
  writeFileSync(file, text);
}
