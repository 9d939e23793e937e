import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  cp,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { inspect, promisify } from 'node:util';

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
  /** The package as npm installs it, in a copy of one's own. */
  folder: string;
  remove(): Promise<void>;
}

/** The package as a release makes it: packed once in a run of the tests, and unpacked for each who asks. */
export async function packPackage(): Promise<PackedPackage> {
  const tarball = await packedTarball();
  const place = await mkdtemp(join(tmpdir(), 'nestjs-refresh-auth-packed-'));
  const remove = () => rm(place, { recursive: true, force: true });
  try {
    await run('tar', ['-xzf', tarball, '-C', place]);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder: join(place, 'package'), remove };
}

/** Whoever makes the folder packs; the others, in other processes, wait until the file with the outcome is there. */
async function packedTarball(): Promise<string> {
  const source = join(process.env['RUN_FOLDER']!, 'package');
  const outcome = join(source, 'outcome.json');
  if (await isMade(source)) await writeOutcome(outcome, await packed(source));
  while (!existsSync(outcome)) await setTimeout(100);
  const { tarball, failure } = JSON.parse(await readFile(outcome, 'utf8')) as Outcome;
  if (tarball === undefined) throw new Error(failure);
  return tarball;
}

interface Outcome {
  tarball?: string;
  failure?: string;
}

async function isMade(folder: string): Promise<boolean> {
  try {
    await mkdir(folder);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false;
    throw error;
  }
}

/** Builds and packs a copy of this repository. */
async function packed(source: string): Promise<Outcome> {
  try {
    for (const name of INGREDIENTS) {
      await cp(join(repository, name), join(source, name), { recursive: true });
    }
    await symlink(repositoryModules, join(source, 'node_modules'));
    await run('npm', ['pack', '--silent'], { cwd: source });
    const name = (await readdir(source)).find((each) => each.endsWith('.tgz'))!;
    return { tarball: join(source, name) };
  } catch (error) {
    return { failure: inspect(error) };
  }
}

/** The file appears with its content. */
async function writeOutcome(file: string, outcome: Outcome): Promise<void> {
  await writeFile(`${file}.new`, JSON.stringify(outcome));
  await rename(`${file}.new`, file);
}
