import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { sourceFiles } from './imports.js';

/** With more than these, a call does not show which value is which; one named object does. */
const MOST_OF_A_CONSTRUCTOR = 3;
const MOST_OF_A_FUNCTION = 4;
/** One more: names of properties are not minified, and the client's size is a promise. */
const MOST_IN_THE_CLIENT = 5;

function mostOf(node: ts.SignatureDeclaration, file: string): number {
  if (ts.isConstructorDeclaration(node)) return MOST_OF_A_CONSTRUCTOR;
  return file.startsWith('client/') ? MOST_IN_THE_CLIENT : MOST_OF_A_FUNCTION;
}

/** Each constructor and function that takes too many parameters, as `file: (parameters)`. */
function tooManyIn(file: string, text: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && node.parameters.length > mostOf(node, file)) {
      found.push(`${file}: (${node.parameters.map(({ name }) => name.getText()).join(', ')})`);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true));
  return found;
}

describe('what takes more than a few parameters takes them as one named object', () => {
  it('everywhere in src/', () => {
    const files = sourceFiles();
    expect(files.length).toBeGreaterThan(200);
    expect(files.flatMap(({ file, text }) => tooManyIn(file, text))).toEqual([]);
  });

  it.each([
    ['x.ts', 'class A { constructor(a: 1, b: 2, c: 3, d: 4) {} }', ['x.ts: (a, b, c, d)']],
    [
      'x.ts',
      'const f = () => class { constructor(private readonly a, b, c, d = 0) {} };',
      ['x.ts: (a, b, c, d)'],
    ],
    ['x.ts', 'class A { constructor(a: 1, b: 2, c: 3) {} f(a, b, c, d) {} }', []],
    ['x.ts', 'class A { #f(a, b, c, d, e) {} }', ['x.ts: (a, b, c, d, e)']],
    ['x.ts', 'type F = (a, b, c, d, ...e) => void;', ['x.ts: (a, b, c, d, e)']],
    ['client/x.ts', 'const f = (a, b, c, d, e) => {};', []],
    ['client/x.ts', 'function f(a, b, c, d, e, g) {}', ['client/x.ts: (a, b, c, d, e, g)']],
  ])('in %s: %s', (file, text, expected) => {
    expect(tooManyIn(file, text)).toEqual(expected);
  });
});
