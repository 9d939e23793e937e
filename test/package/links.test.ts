import { describe, expect, it } from '@jest/globals';
import GithubSlugger from 'github-slugger';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { documents } from './documents.js';
import { Markdown } from './markdown.js';

const root = new URL('../../', import.meta.url);
const exists = (file: string) => existsSync(new URL(file, root));

/** All documents with links for readers. CONTRIBUTING.md may be missing, as long as no page links to it. */
const pages = [
  ...documents,
  ...['SECURITY.md', 'CHANGELOG.md', 'CONTRIBUTING.md'].filter(exists).map((f) => new Markdown(f)),
];

interface Link {
  page: string;
  target: string;
}

/** The targets of a page's links and pictures, without its code. */
function linksOf({ file, text }: Markdown): Link[] {
  return [...proseOf(text).matchAll(/\]\(([^()\s]+)\)/g)].map((match) => ({
    page: file,
    target: match[1]!,
  }));
}

function proseOf(text: string): string {
  return text.replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

/** The anchors of a page's headings, as GitHub makes them, and its own; the site has the same. */
function anchorsOf({ text }: Markdown): string[] {
  const slugger = new GithubSlugger();
  const headings = text.replaceAll(/^```[^]*?^```$/gm, '').matchAll(/^#{1,6} (.+)$/gm);
  const own = text.matchAll(/<a id="([^"]+)"><\/a>/g);
  return [
    ...[...headings].map((match) => slugger.slug(match[1]!.replaceAll(/[`*_]/g, ''))),
    ...[...own].map((match) => match[1]!),
  ];
}

const isInside = ({ target }: Link) => !/^[a-z]+:/.test(target);

describe('the documents', () => {
  const links = pages.flatMap(linksOf);

  it('link to files that exist', () => {
    const dead = links
      .filter(isInside)
      .filter(({ page, target }) => !exists(fileOf(page, target)))
      .map(({ page, target }) => `${page}: ${target}`);
    expect(dead).toEqual([]);
    expect(links.filter(isInside).length).toBeGreaterThan(50);
  });

  it('link to headings that exist', () => {
    const anchors = new Map(pages.map((page) => [page.file, anchorsOf(page)]));
    const dead = links
      .filter((link) => isInside(link) && link.target.includes('#'))
      .filter(({ page, target }) => {
        return !anchors.get(fileOf(page, target))?.includes(target.split('#')[1]!);
      })
      .map(({ page, target }) => `${page}: ${target}`);
    expect(dead).toEqual([]);
  });

  it('link to other sites by https', () => {
    const others = links.map(({ target }) => target).filter((target) => /^[a-z]+:/.test(target));
    expect(others.filter((target) => !target.startsWith('https://'))).toEqual([]);
  });

  it('are all within reach of README.md', () => {
    const reached = new Set(['README.md']);
    for (const file of reached) {
      const page = pages.find((each) => each.file === file);
      for (const { target } of page === undefined ? [] : linksOf(page).filter(isInside)) {
        reached.add(fileOf(file, target));
      }
    }
    const lost = documents.map(({ file }) => file).filter((file) => !reached.has(file));
    expect(lost).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = pages[0]!;

  it('has the map that the first page of the site has', () => {
    const [ofReadme, ofSite] = [readme, pages.find(({ file }) => file === 'docs/index.md')!].map(
      (page) =>
        page.tableUnder('## Find your way').map(([wish, links]) => ({
          wish,
          links: [...links!.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(
            ([, text, target]) => `${text}: ${fileOf(page.file, target!)}`,
          ),
        })),
    );
    expect(ofReadme).toEqual(ofSite);
    expect(ofReadme!.length).toBeGreaterThan(5);
  });

  it('is short enough to be read', () => {
    expect(Buffer.byteLength(readme.text)).toBeLessThanOrEqual(12_000);
  });

  it('names the commands that start the reference app and run the tests', () => {
    expect(readme.text).toContain('npm ci && npm start');
    expect(readme.text).toContain('npm ci && npm test');
  });
});

function fileOf(page: string, target: string): string {
  const path = target.split('#')[0]!;
  return path === '' ? page : join(dirname(page), path);
}
