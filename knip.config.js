/** The packages that a document's code imports: tests compile and run that code. */
const packagesImportedIn = (markdown) =>
  [...markdown.matchAll(/^import (?:.* from )?'[^.'][^']*';$/gm)].join('\n');

/** @type {import('knip').KnipConfig} */
export default {
  entry: [
    'ormconfig.ts',
    'src/app/main.ts',
    'src/app/demo/page/main.js',
    'docs/**/*.md',
    'docs/.vitepress/theme/index.ts',
    // Stryker's one test file, and what is started as a process of its own.
    'test/unit/all-at-once.ts',
    'test/bench/{run,ways}.ts',
    'test/bench/servers/*.ts',
    'test/{known-secrets,lookalike-letters}/*.mjs',
  ],
  project: ['src/**/*.{ts,js}', 'test/**/*.{ts,js,mjs}', 'docs/**/*.md', 'docs/.vitepress/**/*.ts'],
  ignore: [
    // Compiled beside the documents' code, which they import.
    'test/package/fixtures/**',
    // Compiled in apps of their own: see test/matrix/run.js.
    'test/matrix/app/**',
    // A package of its own: see its package.json.
    'test/bench/peers/**',
  ],
  // The demo page imports the client from where the server serves it.
  ignoreUnresolved: ['./client/index.js'],
  ignoreDependencies: [
    // Bundled from a text in test/recipes/react.test.ts.
    'react-dom',
    '@types/react-dom',
    // Of the app in test/package/fixtures/existing-app/crowded.
    '@fastify/compress',
    '@fastify/helmet',
    '@types/compression',
    'compression',
    'helmet',
  ],
  ignoreBinaries: ['taskset'],
  // Types name the shapes of what a file exports, even where nobody has to name them yet.
  ignoreExportsUsedInFile: { interface: true, type: true },
  ignoreIssues: {
    // Imported as a whole (`import * as sqlite`), and called by an interface.
    'src/typeorm/{sqlite,sqljs}-database.ts': ['exports'],
    // test/known-secrets/add.mjs imports it from dist/, which a fresh clone doesn't have.
    'src/tokens/known-secrets.ts': ['exports'],
  },
  vitepress: { config: 'docs/.vitepress/config.ts' },
  compilers: { md: packagesImportedIn },
};
