import { describe, expect, it } from '@jest/globals';
import { documentedCode } from './documented-code.js';
import { documents } from './documents.js';

/** Languages of which nothing is compiled or run. */
const PROSE = ['sh', 'text', 'http', 'nginx', 'ini', 'sql', 'json', 'yaml'];

describe('the code in README.md and docs/', () => {
  it('is TypeScript, or in a language that can’t be compiled', () => {
    const others = documents.flatMap((document) =>
      document
        .blocks()
        .filter(({ language }) => ![...PROSE, 'ts', 'tsx'].includes(language))
        .map(
          ({ language, text }) => `${document.file}: \`\`\`${language} ${text.split('\n', 1)[0]}`,
        ),
    );
    expect(others).toEqual([]);
  });

  it('names in its first line the test it belongs to, if it is TypeScript', () => {
    const untested = documentedCode
      .filter(({ kind }) => kind === null)
      .map(({ page, text }) => `${page}: ${text.split('\n', 1)[0]}`);
    expect(untested).toEqual([]);
    for (const kind of ['file', 'option', 'browser', 'types']) {
      expect(documentedCode.map((each) => each.kind)).toContain(kind);
    }
  });

  it('closes every fence, and indents none, so that no block hides from the tests', () => {
    for (const { file, text } of documents) {
      expect([file, ...(text.match(/^[ \t]+```.*/gm) ?? [])]).toEqual([file]);
      const fences = text.match(/^```/gm) ?? [];
      expect([file, fences.length % 2]).toEqual([file, 0]);
    }
  });
});
