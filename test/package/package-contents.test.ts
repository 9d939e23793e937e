import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packPackage, type PackedPackage } from './packed-package.js';

/** Files to which documents link, and files that the package does not need. */
const ONLY_IN_THE_REPOSITORY = new Set(['CONTRIBUTING.md', 'docs/pictures/demo.png']);

describe('the packed package', () => {
  let packed: PackedPackage;
  let files: string[];
  const read = (file: string) => readFileSync(join(packed.folder, file), 'utf8');

  beforeAll(async () => {
    packed = await packPackage();
    files = readdirSync(packed.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(packed.folder.length + 1));
  });
  afterAll(() => packed?.remove());

  it('has the compiled code, its types, and the documents', () => {
    expect(files).toEqual(
      expect.arrayContaining([
        'package.json',
        'README.md',
        'LICENSE',
        'CHANGELOG.md',
        'SECURITY.md',
        'docs/index.md',
        'docs/guides/browser-client.md',
        'docs/reference/options.md',
        'dist/src/index.js',
        'dist/src/index.d.ts',
      ]),
    );
  });

  it('has every file that its exports point to', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: object };
    const targets = Object.values(exports).flatMap((target: string | object) =>
      typeof target === 'string' ? [target] : (Object.values(target) as string[]),
    );
    expect(targets.length).toBeGreaterThan(1);
    for (const target of targets) expect(files).toContain(target.replace('./', ''));
  });

  it('has every file that its documents link to', () => {
    const links = files
      .filter((file) => file.endsWith('.md'))
      .flatMap((file) =>
        [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target]) =>
          join(dirname(file), target!),
        ),
      )
      .filter((target) => !ONLY_IN_THE_REPOSITORY.has(target));
    expect(links).toContain('docs/reference/options.md');
    for (const link of links) expect(files).toContain(link);
  });

  it('has no reference app, no test, no database, no secret and no configuration of the repository', () => {
    const strangers = files.filter(
      (file) =>
        !/^(dist\/src\/.*\.(js|d\.ts|js\.map)|package\.json|[A-Z]+\.md|docs\/[\w/-]+\.(md|svg)|LICENSE)$/.test(
          file,
        ) || /^dist\/src\/app\/|\.test\.|\.spec\./.test(file),
    );
    expect(strangers).toEqual([]);
  });

  it('has source maps that a debugger can follow: the source is inside, or beside it', () => {
    const dangling = files
      .filter((file) => file.endsWith('.map'))
      .filter((file) => {
        const map = JSON.parse(read(file)) as { sources: string[]; sourcesContent?: unknown[] };
        return map.sources.some(
          (source, i) =>
            typeof map.sourcesContent?.[i] !== 'string' &&
            !existsSync(join(packed.folder, dirname(file), source)),
        );
      });
    expect(dangling).toEqual([]);
  });
});
