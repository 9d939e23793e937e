import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { DefaultTheme } from 'vitepress';

const docs = new URL('../', import.meta.url);

/** The groups of the menu, and the order of their pages. A page that is not named here comes last, by its file name. */
const GROUPS: { title: string; folder: string; pages: readonly string[] }[] = [
  {
    title: 'Getting started',
    folder: 'getting-started',
    pages: ['new-app', 'existing-app', 'reference-app'],
  },
  {
    title: 'Guides',
    folder: 'guides',
    pages: [
      'guards',
      'roles',
      'optional-auth',
      'browser-client',
      'client-recipes',
      'cookies-and-csrf',
      'keys-and-rotation',
      'passwords',
      'usernames',
      'sign-up',
      'own-routes',
      'replacing-parts',
      'replacing-parts',
      'testing',
      'messages-and-graphql',
      'stores',
      'several-databases',
      'pgbouncer',
      'proxies',
      'incident-response',
    ],
  },
  {
    title: 'Concepts',
    folder: 'concepts',
    pages: ['rotation', 'a-refresh', 'what-dies-when', 'trade-offs', 'comparison'],
  },
  {
    title: 'Reference',
    folder: 'reference',
    pages: [
      'index',
      'options',
      'routes',
      'errors',
      'events',
      'service',
      'guards',
      'users',
      'client',
      'testing',
      'store',
      'ports',
      'module',
      'option-types',
    ],
  },
  {
    title: 'Operations',
    folder: 'operations',
    pages: ['deploy', 'scaling', 'databases', 'monitoring', 'upgrades', 'speed'],
  },
  {
    title: 'Migration',
    folder: 'migration',
    pages: ['from-passport-tutorial', 'from-express-session', 'from-better-auth'],
  },
  {
    title: 'Decisions',
    folder: 'decisions',
    pages: ['index', 'ratchet', 'verdict', 'feed', 'wiring', 'passport'],
  },
];

export const sidebar: DefaultTheme.SidebarItem[] = [
  ...GROUPS.map(({ title, folder, pages }) => ({
    text: title,
    items: pagesOf(folder, pages).map((page) => ({
      text: titleOf(`${folder}/${page}.md`),
      link: `/${folder}/${page === 'index' ? '' : page}`,
    })),
  })).filter(({ items }) => items.length > 0),
  { text: 'Project', items: projectPages() },
];

function pagesOf(folder: string, order: readonly string[]): string[] {
  const url = new URL(folder, docs);
  const files = existsSync(url) ? readdirSync(url) : [];
  const found = files
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.slice(0, -'.md'.length));
  const place = (page: string) => (order.includes(page) ? order.indexOf(page) : order.length);
  return found.toSorted((a, b) => place(a) - place(b) || a.localeCompare(b));
}

function projectPages(): DefaultTheme.SidebarItem[] {
  return [
    { text: 'FAQ', file: 'docs/faq.md', link: '/faq' },
    { text: 'Security', file: 'SECURITY.md', link: '/security' },
    { text: 'Changelog', file: 'CHANGELOG.md', link: '/changelog' },
    { text: 'Contributing', file: 'CONTRIBUTING.md', link: '/contributing' },
  ].filter(({ file }) => existsSync(new URL(`../${file}`, docs)));
}

/** The first heading of a page, without marks. */
function titleOf(page: string): string {
  const [, title] = /^# (.+)$/m.exec(readFileSync(new URL(page, docs), 'utf8'))!;
  return title!.replaceAll('`', '');
}
