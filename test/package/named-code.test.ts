import { describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { documentedCode } from './documented-code.js';
import { documents } from './documents.js';
import { Markdown } from './markdown.js';

const root = new URL('../../', import.meta.url);

/** Names of other packages and of their tutorials. */
const OF_OTHERS = ['JwtModule', 'JwtStrategy', 'LocalAuthGuard', 'LocalStrategy'];

const pages = [...documents, ...['SECURITY.md', 'CONTRIBUTING.md'].map((f) => new Markdown(f))];

/** The names in a page's sentences and tables: the code between single backticks. */
function namedIn({ text }: Markdown): string[] {
  const prose = text.replaceAll(/^```[^]*?^```$/gm, '');
  return [...prose.matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
}

function wordsOf(text: string): string[] {
  return text.match(/\w+/g) ?? [];
}

const sources = readdirSync(new URL('src', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(new URL(`src/${file}`, root), 'utf8'));
const known = new Set([
  ...[...sources, ...documentedCode.map(({ text }) => text)].flatMap(wordsOf),
  ...OF_OTHERS,
]);

describe('what the documents name', () => {
  it('is a file or folder of this repository, where it is a path, or one that a page shows', () => {
    const shown = new Set(documentedCode.map(({ name }) => name));
    const paths = pages.flatMap((page) =>
      namedIn(page)
        .flatMap((code) => code.match(/(?<![\w./-])(?:src|test|docs)\/[\w./-]+(?![\w*])/g) ?? [])
        .map((path) => ({ page: page.file, path })),
    );
    const lost = paths.filter(({ path }) => !existsSync(new URL(path, root)) && !shown.has(path));
    expect(lost).toEqual([]);
    expect(paths.length).toBeGreaterThan(20);
  });

  it('is in the sources, where it is the name of a class or a type', () => {
    const names = pages.flatMap((page) =>
      namedIn(page)
        .flatMap((code) => code.match(/\b[A-Z][a-z\d]+(?:[A-Z][A-Za-z\d]*)+\b/g) ?? [])
        .map((name) => ({ page: page.file, name })),
    );
    expect(names.filter(({ name }) => !known.has(name))).toEqual([]);
    expect(names.length).toBeGreaterThan(100);
  });
});
