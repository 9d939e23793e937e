import { build, type Plugin } from 'esbuild';
import { fileURLToPath } from 'node:url';
import { documentedCode } from './documented-code.js';

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** The files that docs/client.md shows, as if they lay in this folder. */
const documentedFiles: Plugin = {
  name: 'documented files',
  setup(building) {
    building.onResolve({ filter: /^\.\/.*\.js$/ }, ({ path: imported }) => {
      const file = imported.slice(2).replace(/js$/, 'ts');
      return documentedCode.has(file) ? { path: file, namespace: 'documented' } : undefined;
    });
    building.onLoad({ filter: /.*/, namespace: 'documented' }, ({ path: file }) => ({
      contents: documentedCode.get(file)!,
      loader: 'ts',
      resolveDir: path('.'),
    }));
  },
};

/** Code that imports what docs/client.md shows, as one script. */
export async function bundleOf(code: string, platform: 'browser' | 'node'): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: path('.'), loader: 'ts' },
    plugins: [documentedFiles],
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
