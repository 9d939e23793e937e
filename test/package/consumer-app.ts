import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-secrets.js';
import { repositoryModules, run, type PackedPackage } from './packed-package.js';
import { documentedFiles, documentedOptions, MAIN_APP } from './documented-code.js';
import { Markdown } from './markdown.js';

export type ModuleType = 'module' | 'commonjs';

/** The packages of `nest new`, without its test runner. */
const NEST_NEW = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/testing',
  '@types/express',
  '@types/node',
  'reflect-metadata',
  'rxjs',
];
/** Packages that the guides mention for one use. */
const NAMED_IN_USES = [
  '@nestjs/passport',
  '@nestjs/platform-fastify',
  '@nestjs/throttler',
  'argon2',
  'class-transformer',
  'class-validator',
  'nestjs-pino',
  'rate-limiter-flexible',
];
/** What else the fixtures use: see fixtures/existing-app/crowded. */
const USED_BY_FIXTURES = [
  '@fastify/compress',
  '@fastify/helmet',
  '@types/compression',
  'compression',
  'helmet',
];

/** `nest new`'s tsconfig.json and tsconfig.build.json in one. */
const COMPILER_OPTIONS = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  resolvePackageJsonExports: true,
  esModuleInterop: true,
  isolatedModules: true,
  declaration: true,
  removeComments: true,
  emitDecoratorMetadata: true,
  experimentalDecorators: true,
  allowSyntheticDefaultImports: true,
  target: 'ES2023',
  sourceMap: true,
  outDir: './dist',
  rootDir: './src',
  skipLibCheck: true,
  strictPropertyInitialization: false,
  types: ['node'],
};

export interface ConsumerApp {
  folder: string;
  compile(): Promise<void>;
  /** Runs a compiled file to its end; returns its output. */
  run(file: string, environment?: Record<string, string>): Promise<string>;
  /** Starts a compiled file that listens on PORT; resolves when it responds. */
  start(file: string, environment?: Record<string, string>): Promise<RunningApp>;
  /** Stops everything that still runs, and deletes all files. */
  remove(): Promise<void>;
}

export interface RunningApp {
  url: string;
  output(): string;
  stop(): Promise<void>;
}

export interface ConsumerOptions {
  /** Packages that it has not installed. */
  without?: readonly string[];
  /** Also compiles the declarations of all packages, which finds one that refers to a package which isn't there. */
  checksLibraries?: boolean;
}

/**
 * An app that consists of the documents' code and of the fixtures of the same name, with the packed package installed as
 * npm would.
 */
export async function createConsumerApp(
  packed: PackedPackage | undefined,
  type: ModuleType,
  documentedApp = MAIN_APP,
  { without = [], checksLibraries = false }: ConsumerOptions = {},
): Promise<ConsumerApp> {
  if (packed === undefined) throw new Error('There is no packed package to install.');
  const folder = await mkdtemp(join(tmpdir(), `nestjs-refresh-auth-${type}-`));
  const write = async (file: string, text: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
  };
  await write('package.json', JSON.stringify({ name: 'consumer', private: true, type }));
  const strict = type === 'module';
  await write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: { ...COMPILER_OPTIONS, strict, skipLibCheck: !checksLibraries },
      include: ['src'],
    }),
  );
  for (const [file, text] of documentedFiles('file', documentedApp)) await write(file, text);
  const fragments = documentedFragments(documentedApp);
  if (fragments !== null) await write('src/fragments.ts', fragments);
  const fixtures = fileURLToPath(new URL(`./fixtures/${documentedApp}`, import.meta.url));
  if (existsSync(fixtures)) await cp(fixtures, join(folder, 'src'), { recursive: true });
  await installPackages(packed, folder, without);

  const running: RunningApp[] = [];
  const environment = {
    PATH: process.env.PATH,
    ACCESS_TOKEN_SECRET: ACCESS_SECRET,
    REFRESH_TOKEN_SECRET: REFRESH_SECRET,
  };
  return {
    folder,
    async compile() {
      const tsc = join(repositoryModules, 'typescript/bin/tsc');
      await run(process.execPath, [tsc, '--pretty', 'false'], { cwd: folder }).catch(
        (error: { stdout?: string }) => {
          throw new Error(
            `the documents' ${documentedApp} app doesn't compile as ${type}:\n${error.stdout}`,
          );
        },
      );
    },
    async run(file, more) {
      const env = { ...environment, ...more };
      const { stdout } = await run(process.execPath, [`dist/${file}`], { cwd: folder, env });
      return stdout;
    },
    async start(file, more) {
      const app = await startServer(folder, `dist/${file}`, { ...environment, ...more });
      running.push(app);
      return app;
    },
    async remove() {
      for (const app of running) await app.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The parts of AuthModule's options, each as an object of its own; null where an app has none. */
function documentedFragments(app: string): string | null {
  const [returned, beside] = (['in what useFactory returns', 'beside useFactory'] as const).map(
    (part) =>
      documentedOptions(part, app)
        .map((text) => `{\n${text}}`)
        .join(',\n'),
  );
  if (`${returned}${beside}` === '') return null;
  const ownController = beside!.includes('MyAuthController')
    ? "import { MyAuthController } from './my-auth.controller.js';\n"
    : '';
  return `${ownController}import { breachedPasswords } from 'nestjs-refresh-auth';
import type { AuthModuleExtras, AuthModuleOptions } from 'nestjs-refresh-auth';

declare const bcrypt: { compare(password: string, hash: string): Promise<boolean> };
export const returnedByFactory: Partial<AuthModuleOptions>[] = [${returned}];
export const besideFactory: AuthModuleExtras[] = [${beside}];
`;
}

/**
 * The packed package, its dependencies and peers, and what the documents say to install; nothing else of this repository,
 * so that a dependency that package.json forgot is missing here as it would be there.
 */
async function installPackages(
  packed: PackedPackage,
  folder: string,
  without: readonly string[],
): Promise<void> {
  const modules = join(folder, 'node_modules');
  const installed = join(modules, 'nestjs-refresh-auth');
  await mkdir(modules);
  await cp(packed.folder, installed, { recursive: true });
  const { dependencies, peerDependencies } = JSON.parse(
    await readFile(join(installed, 'package.json'), 'utf8'),
  ) as Record<'dependencies' | 'peerDependencies', Record<string, string>>;
  const names = new Set([
    ...Object.keys({ ...dependencies, ...peerDependencies }),
    ...NEST_NEW,
    ...NAMED_IN_USES,
    ...USED_BY_FIXTURES,
    ...documentedInstall(),
  ]);
  for (const name of ['nestjs-refresh-auth', ...without]) names.delete(name);
  for (const name of names) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(repositoryModules, name), join(modules, name));
  }
}

/** The packages of the first `npm install` in the guide to a new app. */
function documentedInstall(): string[] {
  const line = new Markdown('docs/getting-started/new-app.md')
    .codeBlocks('sh')
    .find((block) => block.startsWith('npm install nestjs-refresh-auth'));
  if (line === undefined) throw new Error('The guide to a new app has lost its npm install line.');
  return line
    .trim()
    .split(' ')
    .slice(2)
    .map((name) => name.replace(/(?<=.)@[\d.]+$/, ''));
}

async function startServer(
  cwd: string,
  file: string,
  environment: Record<string, string | undefined>,
): Promise<RunningApp> {
  const port = await freePort();
  const child = spawn(process.execPath, [file], {
    cwd,
    env: { ...environment, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  const url = `http://localhost:${port}`;
  await untilResponding(url, child, () => output);
  return {
    url,
    output: () => output,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}

async function untilResponding(url: string, child: ChildProcess, output: () => string) {
  const deadline = Date.now() + 240_000;
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`The app ended with ${child.exitCode}: ${output()}`);
    try {
      await fetch(url);
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`The app doesn't respond: ${output()}`, { cause: error });
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
