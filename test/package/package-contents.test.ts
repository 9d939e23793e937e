import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { packPackage, repositoryModules, run, type PackedPackage } from './packed-package.js';

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
        'dist/esm/index.js',
        'dist/esm/index.d.ts',
        'dist/cjs/index.js',
        'dist/cjs/index.d.ts',
      ]),
    );
  });

  it('has every file that its exports point to', () => {
    const { exports } = JSON.parse(read('package.json')) as { exports: object };
    const targets = targetsOf(exports);
    expect(targets.length).toBeGreaterThan(20);
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
        !/^(dist\/(esm|cjs)\/[\w./-]*\.(js|d\.ts)|dist\/cjs\/package\.json|package\.json|[A-Z]+\.md|docs\/[\w/-]+\.(md|svg)|LICENSE)$/.test(
          file,
        ) || /\.test\.|\.spec\./.test(file),
    );
    expect(strangers).toEqual([]);
  });

  describe('installed', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'nestjs-refresh-auth-installed-'));
      await mkdir(join(folder, 'node_modules/@nestjs'), { recursive: true });
      await symlink(packed.folder, join(folder, 'node_modules/nestjs-refresh-auth'));
      await symlink(repositoryModules, join(packed.folder, 'node_modules'));
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    /** What a script prints, as JSON. */
    async function printed(script: string, file: string): Promise<unknown> {
      await writeFile(join(folder, file), script);
      const { stdout } = await run(process.execPath, ['--preserve-symlinks', file], {
        cwd: folder,
      });
      return JSON.parse(stdout);
    }

    it('is one and the same for `import` and `require`, so that there is one state', async () => {
      const entries = ['', '/core', '/client', '/testing'].map(
        (path) => `nestjs-refresh-auth${path}`,
      );
      const script = `(async () => {
        const same = [];
        for (const entry of ${JSON.stringify(entries)}) {
          const [imported, required] = [await import(entry), require(entry)];
          const names = Object.keys(imported).filter((name) => name !== 'default' && name !== 'module.exports');
          same.push(names.length > 0 && names.every((name) => imported[name] === required[name]));
        }
        console.log(JSON.stringify(same));
      })();`;
      expect(await printed(script, 'both.cjs')).toEqual([true, true, true, true]);
    });

    it('has the same exports as CommonJS, for tools that can load nothing else', async () => {
      const script = `(async () => {
        const names = (loaded) => Object.keys(loaded).filter((name) => name !== 'default' && name !== 'module.exports').sort();
        const [modules, commonJs] = [[], []];
        for (const entry of ['index', 'core', 'client', 'testing']) {
          const path = './node_modules/nestjs-refresh-auth/dist/';
          modules.push(names(await import(path + 'esm/' + entry + '.js')));
          commonJs.push(names(require(path + 'cjs/' + entry + '.js')));
        }
        console.log(JSON.stringify({ modules, commonJs }));
      })();`;
      const { modules, commonJs } = (await printed(script, 'names.cjs')) as Record<
        string,
        string[][]
      >;
      expect(commonJs).toEqual(modules);
      expect(modules![0]).toEqual(
        expect.arrayContaining(['AuthModule', 'JwtAuthGuard', 'authTables']),
      );
    });

    it('has classes of the same names in the main entry and in the core, but for the module', async () => {
      const script = `
        const [main, core] = ['', '/core'].map((path) => require('nestjs-refresh-auth' + path));
        console.log(JSON.stringify(Object.keys(core).filter((name) => core[name] !== main[name])));`;
      expect(await printed(script, 'core.cjs')).toEqual(['AuthModule']);
    });

    it('has a core that loads no ORM', async () => {
      const script = `
        require('nestjs-refresh-auth/core');
        require('./node_modules/nestjs-refresh-auth/dist/cjs/core.js');
        const loaded = Object.keys(require.cache).filter((file) => /node_modules.(typeorm|@nestjs.typeorm)/.test(file));
        console.log(JSON.stringify(loaded));`;
      expect(await printed(script, 'loaded.cjs')).toEqual([]);
      const reached = ['esm', 'cjs'].flatMap((format) =>
        filesFrom(join(packed.folder, 'dist', format), 'core.js'),
      );
      expect(reached.length).toBeGreaterThan(2);
      expect(
        reached.filter((file) =>
          /from "(@nestjs\/)?typeorm|require\("(@nestjs\/)?typeorm/.test(
            readFileSync(file, 'utf8'),
          ),
        ),
      ).toEqual([]);
    });
  });
});

/** A built file, and those of ours that it imports. */
function filesFrom(folder: string, file: string, seen: string[] = []): string[] {
  const path = join(folder, file);
  if (seen.includes(path)) return seen;
  seen.push(path);
  for (const [, target] of readFileSync(path, 'utf8').matchAll(/(?:from |require\()"(\.[^"]+)"/g)) {
    filesFrom(dirname(path), target!, seen);
  }
  return seen;
}

/** The files of conditions within conditions. */
function targetsOf(exports: string | object): string[] {
  return typeof exports === 'string' ? [exports] : Object.values(exports).flatMap(targetsOf);
}
