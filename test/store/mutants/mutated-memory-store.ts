import { readFile } from 'node:fs/promises';
import type { RefreshTokenStore } from 'nestjs-refresh-auth';
import ts from 'typescript';

const SOURCE = new URL('../../../src/testing/memory-refresh-token-store.ts', import.meta.url);

/** Opens a store that breaks one sentence of the contract. */
export type Mutant = () => Promise<RefreshTokenStore>;

/** For each sentence of the contract, ways to break it. */
export type Mutants = Record<string, Record<string, Mutant>>;

/** The in-memory store with one text of its source replaced. */
export function edited(text: string, mutatedText: string): Mutant {
  return mutated((source) => source, text, mutatedText);
}

/** Instances of a changed store on the same sessions. */
export function editedInstances(text: string, mutatedText: string): Mutant {
  return mutated(shared, text, mutatedText);
}

/** Their fields are static, so all instances share them. */
function shared(source: string): string {
  const fields = [...source.matchAll(/^  (?:readonly )?#(?<name>\w+)\b.* = (?<first>.*);$/gmu)];
  return fields.reduce(
    (text, { groups }) => text.replaceAll(`this.#${groups!.name}`, `this.all.${groups!.name}`),
    `const all = { ${fields.map(({ groups }) => `${groups!.name}: ${groups!.first}`).join(', ')} };
     ${source.replace('RefreshTokenStore {', 'RefreshTokenStore { all = all;')}`,
  );
}

function mutated(sourceOf: (source: string) => string, text: string, mutatedText: string): Mutant {
  return async () => {
    const source = await readFile(SOURCE, 'utf8');
    // The texts contain the field names of the source.
    const pieces = source.split(text);
    if (pieces.length !== 2) {
      throw new Error(`Found ${pieces.length - 1} times, not once, in the store: ${text}`);
    }
    const { outputText } = ts.transpileModule(sourceOf(pieces.join(mutatedText)), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    const encoded = Buffer.from(outputText).toString('base64');
    const module = (await import(`data:text/javascript;base64,${encoded}`)) as {
      MemoryRefreshTokenStore: new () => RefreshTokenStore;
    };
    return new module.MemoryRefreshTokenStore();
  };
}
