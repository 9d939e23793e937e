import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const project = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, project), 'utf8');

interface Requirement {
  number: string;
  sentence: string;
  sources: string[];
  proof: string;
  proofs: { file: string; title: string }[];
}

/** The rows of the table under "What it holds" in SECURITY.md. */
const requirements: Requirement[] = read('SECURITY.md')
  .split(/^## /m)
  .find((section) => section.startsWith('What it holds'))!
  .split('\n')
  .filter((line) => /^\|\s*\d/.test(line))
  .map((line) => {
    const [number, sentence, sources, proofs] = line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim());
    return {
      number: number!,
      sentence: sentence ?? '',
      proof: proofs ?? '',
      sources: [...(sources ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1]!),
      proofs: [...(proofs ?? '').matchAll(/`([^`]+)` “([^”]+)”/g)].map((match) => ({
        file: match[1]!,
        title: match[2]!,
      })),
    };
  });

/** The line of a test file with this title, and the one before it: a title may have its own line. */
function linesWithTitle(file: string, title: string): string | undefined {
  const lines = read(file).split('\n');
  const line = lines.findIndex((text) => text.includes(title));
  return line < 0 ? undefined : lines.slice(Math.max(0, line - 1), line + 1).join('\n');
}

describe('SECURITY.md', () => {
  it('has all 49 requirements, in order', () => {
    expect(requirements.map(({ number }) => number)).toEqual(
      Array.from({ length: 49 }, (_, i) => String(i + 1)),
    );
  });

  it('marks each unmet requirement as open, with the reason', () => {
    const open = requirements.filter(({ sources }) => sources.length === 0);
    expect(open.map(({ number }) => number)).toEqual(['45']);
    for (const { proof } of open) expect(proof).toMatch(/^Open, because \w{3}/);
  });

  it('leaves no cell empty', () => {
    for (const requirement of requirements.filter(({ sources }) => sources.length > 0)) {
      expect(requirement).toMatchObject({
        sentence: expect.stringMatching(/\w{3}/),
        sources: expect.arrayContaining([expect.any(String)]),
        proofs: expect.arrayContaining([expect.any(Object)]),
      });
    }
  });

  it.each(requirements)('$number names existing files that implement it', ({ sources }) => {
    for (const source of sources) {
      expect([source, existsSync(new URL(source, project))]).toEqual([source, true]);
      expect(source).toMatch(/^src\/.+\.ts$/);
    }
  });

  it.each(requirements)('$number names existing tests that are not skipped', ({ proofs }) => {
    for (const { file, title } of proofs) {
      expect(file).toMatch(/^test\/.+\.test\.ts$/);
      expect([file, existsSync(new URL(file, project))]).toEqual([file, true]);
      const titleLines = linesWithTitle(file, title);
      expect([file, title, titleLines !== undefined]).toEqual([file, title, true]);
      expect(titleLines).not.toMatch(/\.(failing|skip|todo)\b/);
    }
  });

  it('contains no e-mail address', () => {
    expect(read('SECURITY.md')).not.toMatch(/[\w.]+@[\w.]+/);
  });
});
