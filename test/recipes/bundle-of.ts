import { build, type Plugin } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { documentedFiles } from '../package/documented-code.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

const shown = documentedFiles('browser');

/** The files for browsers that the documents show, as if they were in this folder. */
const asFiles: Plugin = {
  name: 'documented files',
  setup(building) {
    building.onResolve({ filter: /^\.\/.*\.js$/ }, ({ path: imported }) => {
      const file = imported.slice(2).replace(/js$/, 'ts');
      return shown.has(file) ? { path: file, namespace: 'documented' } : undefined;
    });
    building.onLoad({ filter: /.*/, namespace: 'documented' }, ({ path: file }) => ({
      contents: shown.get(file)!,
      loader: 'ts',
      resolveDir: path('.'),
    }));
  },
};

/** Code that imports what the documents show, as one script. */
export async function bundleOf(code: string, platform: 'browser' | 'node'): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: path('.'), loader: 'ts' },
    plugins: [asFiles],
    alias: { 'nestjs-refresh-auth/client': path('../../src/client/index.ts') },
    define: { 'process.env.NODE_ENV': '"production"' },
    bundle: true,
    platform,
    format: 'esm',
    target: 'es2022',
    write: false,
  });
  return outputFiles[0]!.text;
}
