import { documents } from './documents.js';
import { declaredIn } from './public-api.js';

/**
 * The kinds of TypeScript blocks in the documents. Each kind has its own test; a block without a kind has none:
 * - `file`: a file of an app; its first line is `// src/….ts`. All files of one app are compiled and run together.
 * - `option`: a part of AuthModule's options; its first line says which. Compiled and run with the app.
 * - `browser`: a file of a page or a script that uses the client; its first line is `// ….ts`. Bundled and run.
 * - `types`: exported types as a reference page shows them. Compared with the code.
 */
export type CodeKind = 'file' | 'option' | 'browser' | 'types';

export interface DocumentedCode {
  /** The page that it is on, relative to the repository. */
  page: string;
  /** Which app its files belong to. */
  app: string;
  kind: CodeKind | null;
  /** The file, or the part of the options. */
  name: string;
  text: string;
}

export type OptionPart = 'in what useFactory returns' | 'beside useFactory';
const OPTION_PARTS: readonly string[] = [
  'in what useFactory returns',
  'beside useFactory',
] satisfies OptionPart[];

/** The app of every page that names no other by `<!-- app: … -->`. */
export const MAIN_APP = 'main';

/** Every block of TypeScript, as `ts` or `tsx`, in all documents. */
export const documentedCode: readonly DocumentedCode[] = documents.flatMap(({ file, text }) => {
  const app = /^<!-- app: (\S+) -->$/m.exec(text)?.[1] ?? MAIN_APP;
  return [...text.matchAll(/^```(?:ts|tsx)\n([\s\S]*?)^```$/gm)].map(([, block]) => ({
    page: file,
    app,
    ...classified(block!, file),
    text: block!,
  }));
});

/** The files of an app or of the browser, by name. One that several pages show is the same on all of them. */
export function documentedFiles(kind: 'file' | 'browser', app = MAIN_APP): Map<string, string> {
  const files = new Map<string, string>();
  for (const { page, name, text } of ofKind(kind, app)) {
    if ((files.get(name) ?? text) !== text) {
      throw new Error(`${page} shows another ${name} than an earlier page does.`);
    }
    files.set(name, text);
  }
  return files;
}

export function documentedOptions(part: OptionPart, app = MAIN_APP): string[] {
  return ofKind('option', app)
    .filter(({ name }) => name === part)
    .map(({ text }) => text);
}

function ofKind(kind: CodeKind, app: string): DocumentedCode[] {
  return documentedCode.filter((each) => each.kind === kind && each.app === app);
}

function classified(text: string, page: string): { kind: CodeKind | null; name: string } {
  const name = /^\/\/ (.*)\n/.exec(text)?.[1] ?? '';
  if (OPTION_PARTS.includes(name)) return { kind: 'option', name };
  if (/^src\/\S+\.ts$/.test(name)) return { kind: 'file', name };
  if (/^[\w-]+\.tsx?$/.test(name)) return { kind: 'browser', name };
  const isReference = page.startsWith('docs/reference/') && declaredIn(text).length > 0;
  return { kind: isReference ? 'types' : null, name };
}
