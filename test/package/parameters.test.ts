import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { sourceFiles } from './imports.js';

/** More than this, and a call no longer says which value is which. */
const MOST_OF_A_CONSTRUCTOR = 3;

/** Each constructor that takes too many parameters, as `file: class(parameters)`. */
function tooManyIn(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isConstructorDeclaration(node) && node.parameters.length > MOST_OF_A_CONSTRUCTOR) {
      const names = node.parameters.map(({ name }) => name.getText());
      found.push(`${file}: ${node.parent.name?.text ?? 'a class'}(${names.join(', ')})`);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

describe('a constructor with more than three parameters takes them as one named object', () => {
  it('everywhere in src/', () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap(({ file, text }) => tooManyIn(file, text))).toEqual([]);
  });

  it.each([
    ['class A { constructor(a: 1, b: 2, c: 3, d: 4) {} }', ['x.ts: A(a, b, c, d)']],
    [
      'function f() { return class { constructor(private readonly a, b, c, d = 0) {} } }',
      ['x.ts: a class(a, b, c, d)'],
    ],
    ['class A { constructor(a: 1, b: 2, c: 3) {} other(a, b, c, d) {} }', []],
  ])('%s: %j is reported', (text, expected) => {
    expect(tooManyIn('x.ts', text)).toEqual(expected);
  });
});
