import { describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { documentedFiles } from '../package/documented-code.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  skipLibCheck: true,
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  types: ['node'],
  paths: { 'nestjs-refresh-auth/client': [path('../../src/client/index.ts')] },
};

const { Bundler, NodeNext } = ts.ModuleResolutionKind;
const BUNDLED = { ...OPTIONS, module: ts.ModuleKind.ESNext, moduleResolution: Bundler };
const IN_NODE = { ...OPTIONS, module: ts.ModuleKind.NodeNext, moduleResolution: NodeNext };

/** The compiler's messages about the documented files, as if they were in this folder. */
function complaints(files: ReadonlyMap<string, string>, options: ts.CompilerOptions): string[] {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  const shown = (file: string) =>
    file.startsWith(path('.')) ? files.get(file.slice(path('.').length)) : undefined;
  Object.assign(host, {
    fileExists: (file: string) => shown(file) !== undefined || fileExists(file),
    readFile: (file: string) => shown(file) ?? readFile(file),
    getSourceFile: (file: string, target: ts.ScriptTarget) => {
      const text = shown(file);
      if (text === undefined) return getSourceFile(file, target);
      return ts.createSourceFile(file, text, target);
    },
  });
  const program = ts.createProgram(
    [...files.keys()].map((file) => path(`./${file}`)),
    options,
    host,
  );
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => `${file?.fileName}: ${JSON.stringify(messageText)}`);
}

const shown = documentedFiles('browser');

describe("the documents' code for browsers and scripts", () => {
  it('consists of several files', () => {
    expect(shown.size).toBeGreaterThan(9);
  });

  it.each([
    ['for a bundler', BUNDLED],
    ['for Node (nodenext)', IN_NODE],
  ])('compiles %s, strictly', (_, options) => {
    expect(complaints(shown, options)).toEqual([]);
    const wrong = shown.get('auth.ts')!.replace('createAuthClient()', '$&.nonsense');
    expect(complaints(new Map([['auth.ts', wrong]]), options).join()).toContain('nonsense');
  });
});
