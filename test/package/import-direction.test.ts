import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** What each folder of src/ may import of the others. `.` is what stands in src/ itself: it sees everything. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  http: ['access', 'sessions', 'passwords', 'tokens', 'options', 'errors'],
  access: ['sessions', 'tokens', 'options', 'errors'],
  sessions: ['passwords', 'tokens', 'options', 'errors'],
  passwords: ['options', 'errors'],
  tokens: ['options', 'errors'],
  options: ['errors'],
  errors: [],
  client: [],
  typeorm: ['errors'],
  testing: ['access', 'sessions', 'passwords', 'tokens', 'typeorm', 'options', 'errors', '.'],
  app: [],
};
const layers = Object.keys(MAY_IMPORT);
const pairs = layers.flatMap((from) =>
  [...layers, '.'].filter((to) => to !== from).map((to) => ({ from, to })),
);
const isWrong = ({ from, to }: { from: string; to: string }) => !MAY_IMPORT[from]!.includes(to);
const probe = ({ from, to }: { from: string; to: string }) =>
  `${from}/imports-${to === '.' ? 'root' : to}.ts`;

describe('the linter', () => {
  let copy: string;
  /** The files of src/ that break the direction of imports. */
  async function offenders(): Promise<string[]> {
    const { diagnostics } = await lint(copy);
    return diagnostics
      .filter(({ code }) => code === 'eslint(no-restricted-imports)')
      .map(({ filename }) => filename.replace(/^src\//, ''));
  }

  beforeEach(async () => {
    copy = await mkdtemp(join(tmpdir(), 'nestjs-refresh-auth-imports-'));
    await cp(join(repository, 'src'), join(copy, 'src'), { recursive: true });
    await cp(join(repository, '.oxlintrc.json'), join(copy, '.oxlintrc.json'));
    await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'));
  });
  afterEach(() => rm(copy, { recursive: true, force: true }));

  it('knows every folder of src/', async () => {
    const entries = await readdir(join(copy, 'src'), { withFileTypes: true });
    const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(folders.filter((folder) => !layers.includes(folder))).toEqual([]);
  });

  it('has no objection to the source as it is', async () => {
    expect(await offenders()).toEqual([]);
  });

  it('objects to every import against the direction, and to no other', async () => {
    for (const layer of layers) await mkdir(join(copy, 'src', layer), { recursive: true });
    for (const pair of pairs) {
      const target = pair.to === '.' ? '../assemble.js' : `../${pair.to}/anything.js`;
      await writeFile(join(copy, 'src', probe(pair)), importing(target));
    }
    expect((await offenders()).toSorted()).toEqual(pairs.filter(isWrong).map(probe).toSorted());
  });

  it.each([
    { file: 'typeorm/uses-port.ts', target: '../sessions/refresh-token-store.js', objects: false },
    { file: 'typeorm/uses-limiters.ts', target: '../passwords/limiters.js', objects: false },
    { file: 'typeorm/uses-module.ts', target: '../auth.module.js', objects: true },
    {
      file: 'typeorm/migrations/uses-entity.ts',
      target: '../refresh-token.entity.js',
      objects: false,
    },
    {
      file: 'typeorm/migrations/reaches-up.ts',
      target: '../../http/auth-replies.js',
      objects: true,
    },
    { file: 'app/as-consumer.ts', target: 'nestjs-refresh-auth', objects: false },
    { file: 'app/uses-module.ts', target: '../auth.module.js', objects: true },
    { file: 'app/users/uses-app.ts', target: '../database.js', objects: false },
    { file: 'app/users/reaches-in.ts', target: '../../sessions/auth.service.js', objects: true },
    { file: 'sessions/own-package.ts', target: 'nestjs-refresh-auth', objects: true },
  ])('$file importing $target: objection $objects', async ({ file, target, objects }) => {
    await writeFile(join(copy, 'src', file), importing(target));
    expect(await offenders()).toEqual(objects ? [file] : []);
  });
});

/** Types count too: what is only a type today is a call tomorrow. */
function importing(target: string): string {
  return `import type { Anything } from '${target}';\n\nexport type Probe = Anything;\n`;
}

interface Diagnostic {
  code: string;
  filename: string;
}

/** Oxlint's exit code is 1 when it objects, which is no failure here. */
function lint(cwd: string): Promise<{ diagnostics: Diagnostic[] }> {
  const args = ['node_modules/oxlint/bin/oxlint', '--format', 'json', 'src'];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd, maxBuffer: 2 ** 26 }, (_error, stdout, stderr) => {
      try {
        resolve(JSON.parse(stdout) as { diagnostics: Diagnostic[] });
      } catch {
        reject(new Error(`oxlint said: ${stdout}${stderr}`));
      }
    });
  });
}
