import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const source = fileURLToPath(new URL('../../src/', import.meta.url));

/** The only files that may know which framework runs. */
const EDGES = [
  'access/node-request.ts',
  'http/edges.ts',
  'http/express-edge.ts',
  'http/fastify-edge.ts',
];

/** The parts of a file's code, without comments and texts, that depend on Express or Fastify. */
function frameworkIn(text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node) && /^(express|fastify)$/i.test(node.text)) {
      found.push(node.text);
    }
    if (ts.isIdentifier(node) && /express(?!ion)|fastify|^getInstance$/i.test(node.text)) {
      found.push(node.text);
    }
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'raw') {
      if (node.expression.getText() !== 'String') found.push(node.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('file.ts', text, ts.ScriptTarget.Latest, true));
  return found;
}

const files = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map(({ parentPath, name }) => relative(source, join(parentPath, name)))
  .filter((file) => !file.startsWith('app/'));

describe('which framework serves an app', () => {
  it('is known to the edges only', () => {
    expect(files.length).toBeGreaterThan(150);
    const knowing = files.filter(
      (file) => frameworkIn(readFileSync(join(source, file), 'utf8')).length > 0,
    );
    expect(knowing.toSorted()).toEqual(EDGES);
  });

  it.each([
    [`if (adapter.getType() === 'fastify') work();`, ['fastify']],
    ['const server = adapter.getInstance();', ['getInstance']],
    ['const peer = (request.raw ?? request).socket;', ['request.raw']],
    ['const peer = request?.raw?.socket;', ['request?.raw']],
    ['interface FastifyRoute {}', ['FastifyRoute']],
    ['const path = String.raw`/a`; // Express', []],
    [`logger.warn("set Express' trust proxy"); const expression = 1;`, []],
  ])('is read in %j: %j', (text, found) => {
    expect(frameworkIn(text)).toEqual(found);
  });
});
