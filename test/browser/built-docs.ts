import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The documentation's site, built as `npm run docs` does. */
export interface BuiltDocs {
  url: string;
  /** Its pages by path (`/guides/roles.html`). */
  pages: ReadonlyMap<string, string>;
  close(): void;
}

export async function buildDocs(): Promise<BuiltDocs> {
  const folder = mkdtempSync(join(tmpdir(), 'docs-site-'));
  const vitepress = join(repository, 'node_modules/vitepress/bin/vitepress.js');
  await promisify(execFile)(process.execPath, [vitepress, 'build', 'docs', '--outDir', folder], {
    cwd: repository,
  });
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const byPath = new Map(files.map((file) => [file.slice(folder.length), readFileSync(file)]));

  const server = createServer((request, response) => {
    const path = request.url!.split('?')[0]!.replace(/\/$/, '/index.html');
    const found = byPath.get(path);
    response.writeHead(found === undefined ? 404 : 200, {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
    });
    response.end(found);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    pages: new Map(
      [...byPath]
        .filter(([path]) => path.endsWith('.html'))
        .map(([path, content]) => [path, content.toString()]),
    ),
    close() {
      server.closeAllConnections();
      server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
