import { transform } from 'esbuild';
import { dts } from 'rollup-plugin-dts';

/**
 * What is published: for each entry one file of ES modules and one of CommonJS, with what they share in files beside
 * them, and their types. Made from what the compiler made. Without comments: they stand in the types, and in the source.
 */
const entries = ['index', 'core', 'client', 'testing'];
const inputs = (ending) =>
  Object.fromEntries(
    entries.map((name) => [
      name,
      `dist/src/${['index', 'core'].includes(name) ? name : `${name}/index`}.${ending}`,
    ]),
  );
const external = (id) => /^[^./]/.test(id);

const withoutComments = {
  name: 'without-comments',
  renderChunk: async (code, _chunk, { format }) =>
    transform(code, { format: format === 'es' ? 'esm' : undefined, target: 'es2023' }),
};

const asCommonJs = {
  name: 'as-commonjs',
  generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'package.json', source: '{ "type": "commonjs" }\n' });
  },
};

const files = { entryFileNames: '[name].js', chunkFileNames: 'parts/[name].js' };
const types = { entryFileNames: '[name].d.ts', chunkFileNames: 'parts/[name].d.ts' };

/** @type {import('rollup').RollupOptions[]} */
export default [
  {
    input: inputs('js'),
    external,
    treeshake: { moduleSideEffects: true },
    output: [
      { dir: 'dist/esm', format: 'es', ...files, plugins: [withoutComments] },
      {
        dir: 'dist/cjs',
        format: 'cjs',
        ...files,
        interop: 'auto',
        // In Jest a file of CommonJS can't import().
        dynamicImportInCjs: false,
        plugins: [withoutComments, asCommonJs],
      },
    ],
  },
  {
    input: inputs('d.ts'),
    external,
    plugins: [dts()],
    output: ['dist/esm', 'dist/cjs'].map((dir) => ({ dir, format: 'es', ...types })),
  },
];
