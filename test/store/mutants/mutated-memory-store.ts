import { readFile } from 'node:fs/promises';
import type { RefreshTokenStore } from 'nestjs-refresh-auth';
import ts from 'typescript';

const SOURCE = new URL('../../../src/testing/memory-refresh-token-store.ts', import.meta.url);

/** Opens a store that breaks one sentence of the contract. */
export type Mutant = () => Promise<RefreshTokenStore>;

/** For each sentence of the contract, ways to break it. */
export type Mutants = Record<string, Record<string, Mutant>>;

/** The store in memory with another text at one place. */
export function edited(text: string, mutatedText: string): Mutant {
  return async () => {
    const source = await readFile(SOURCE, 'utf8');
    const pieces = source.split(text);
    if (pieces.length !== 2) {
      throw new Error(`Found ${pieces.length - 1} times, not once, in the store: ${text}`);
    }
    const { outputText } = ts.transpileModule(pieces.join(mutatedText), {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    const encoded = Buffer.from(outputText).toString('base64');
    const module = (await import(`data:text/javascript;base64,${encoded}`)) as {
      MemoryRefreshTokenStore: new () => RefreshTokenStore;
    };
    return new module.MemoryRefreshTokenStore();
  };
}
