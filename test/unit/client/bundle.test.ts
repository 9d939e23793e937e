import { describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

const entry = fileURLToPath(new URL('../../../src/client/index.ts', import.meta.url));

async function bundled(minify: boolean) {
  const { outputFiles, metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify,
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
  });
  return { text: outputFiles[0]!.text, inputs: Object.keys(metafile.inputs) };
}

describe('the client as a bundle', () => {
  it('has at most 3,072 bytes, minified and compressed', async () => {
    const { text } = await bundled(true);
    expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(3 * 1024);
  });

  it('contains only its own folder', async () => {
    const { inputs } = await bundled(true);
    expect(inputs.length).toBeGreaterThan(10);
    expect(inputs.filter((input) => !/(^|\/)src\/client\/[\w-]+\.ts$/.test(input))).toEqual([]);
  });

  it('stores nothing, and evaluates nothing', async () => {
    const { text } = await bundled(false);
    expect(text).not.toMatch(/localStorage|sessionStorage|indexedDB|document\.cookie|\beval\(/);
  });

  it('does nothing when imported in its own process, and lets the process end', async () => {
    const { text } = await bundled(false);
    const server = createServer((request, response) => {
      response.statusCode = request.url === '/auth/refresh' ? 503 : 200;
      response.end('{"accessToken":"t","expiresIn":900}');
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const script = `${text}
      const before = Object.keys(globalThis).length;
      const one = createAuthClient({ baseUrl: '${baseUrl}', background: true });
      await one.login({});
      const other = createAuthClient({ baseUrl: '${baseUrl}', timeoutMs: 600 });
      const failure = await other.getToken().catch((error) => error.status);
      console.log(await one.getToken(), failure, Object.keys(globalThis).length - before);`;
    try {
      const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
        timeout: 250_000,
      });
      expect((await run).stdout).toBe('t 503 0\n');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('calls the other listeners when one throws', async () => {
    const { text } = await bundled(false);
    const tokenResponse = `Response.json({ accessToken: 't', expiresIn: 900 })`;
    const script = `${text}
      process.on('unhandledRejection', (error) => console.log('reported', error.message));
      const fetch = async () => ${tokenResponse};
      const client = createAuthClient({ baseUrl: 'http://127.0.0.1:9', fetch });
      client.subscribe(() => { throw new Error('mine'); });
      client.subscribe(({ status }) => console.log(status));
      await client.login({});
      console.log('logged in');`;
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
    const lines = (await run).stdout.trim().split('\n');
    expect(lines.toSorted()).toEqual(['authenticated', 'logged in', 'reported mine']);
  });
});
