import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const run = promisify(execFile);

const repository = fileURLToPath(new URL('../../', import.meta.url));
export const repositoryModules = join(repository, 'node_modules');

const INGREDIENTS = [
  'src',
  'docs',
  'ormconfig.ts',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'nest-cli.json',
  'rollup.config.js',
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  'LICENSE',
];

export interface PackedPackage {
  /** The copy of the repository that it was packed from, built. */
  source: string;
  /** The package as npm installs it. */
  folder: string;
  remove(): Promise<void>;
}

/** Builds and packs a copy of this repository, as a release does, and unpacks the result. */
export async function packPackage(): Promise<PackedPackage> {
  const place = await mkdtemp(join(tmpdir(), 'nestjs-refresh-auth-packed-'));
  const source = join(place, 'source');
  const folder = join(place, 'package');
  const remove = () => rm(place, { recursive: true, force: true });
  try {
    await mkdir(source);
    for (const name of INGREDIENTS) {
      await cp(join(repository, name), join(source, name), { recursive: true });
    }
    await symlink(repositoryModules, join(source, 'node_modules'));
    await run('npm', ['pack', '--silent'], { cwd: source });
    const tarball = (await readdir(source)).find((name) => name.endsWith('.tgz'))!;
    await run('tar', ['-xzf', join(source, tarball), '-C', place]);
  } catch (error) {
    await remove();
    throw error;
  }
  return { source, folder, remove };
}
