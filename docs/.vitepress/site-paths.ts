import { dirname, join, relative } from 'node:path/posix';
import { fileURLToPath } from 'node:url';
import type { MarkdownRenderer } from 'vitepress';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** What a page is rendered with, for the site and (without `realPath`) for its search. */
interface PageBeingRendered {
  path: string;
  realPath?: string;
}

/** Where a file of the repository is on the site: pages of docs/ at the root, and others beside them. */
export function placeOnSite(file: string): string {
  if (file === 'README.md') return 'index.md';
  return file.startsWith('docs/') ? file.slice('docs/'.length) : file.toLowerCase();
}

/** Makes links between the repository's files, as GitHub follows them, links between the site's pages. */
export function linkToPages(markdown: MarkdownRenderer): void {
  const renderLink = markdown.renderer.rules.link_open!;
  markdown.renderer.rules.link_open = (tokens, index, options, page: PageBeingRendered, self) => {
    const [, path, hash] = /^([^:#]+\.md)(#.*)?$/.exec(tokens[index]!.attrGet('href')!) ?? [];
    if (path !== undefined) {
      const file = relative(repository, page.realPath ?? page.path);
      const target = placeOnSite(join(dirname(file), path));
      tokens[index]!.attrSet('href', `/${target}${hash ?? ''}`);
    }
    return renderLink(tokens, index, options, page, self);
  };
}
