import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const source = fileURLToPath(new URL('../../src/', import.meta.url));

/** One file of `src/` imports another. Both as paths inside `src/`. */
export interface Import {
  from: string;
  to: string;
}

/** What every TypeScript file of `src/` imports of ours, types included: what is only a type today is a call tomorrow. */
export function importsOfSource(): Import[] {
  return sourceFiles().flatMap(({ file, text }) => importsOf(file, text));
}

/** Every TypeScript file of `src/`, as its path inside it, and its text. */
export function sourceFiles(): { file: string; text: string }[] {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .map((path) => ({ file: relative(source, path), text: readFileSync(path, 'utf8') }));
}

/** The files of this repository that one file imports; the package's own name means its index. */
export function importsOf(from: string, text: string): Import[] {
  return ts
    .preProcessFile(text)
    .importedFiles.map(({ fileName }) => fileName)
    .flatMap((target) => {
      if (/^nestjs-refresh-auth(\/|$)/.test(target)) return [{ from, to: 'nestjs-refresh-auth' }];
      if (!target.startsWith('.')) return [];
      return [{ from, to: normalize(join(dirname(from), target)).replace(/\.js$/, '.ts') }];
    });
}

/** The folder of a file, or the file itself where it lies directly in `src/`. */
export function roomOf(file: string): string {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.ts$/, '');
}
