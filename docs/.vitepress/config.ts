import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { sidebar } from './sidebar';
import { linkToPages, placeOnSite } from './site-paths';

/** Pages of the site whose tables need the room of the outline beside them. */
const HAS_WIDE_TABLES =
  /^(reference\/|migration\/|operations\/speed|concepts\/(comparison|a-refresh)|security)/;

export default defineConfig({
  title: 'nestjs-refresh-auth',
  description:
    'Login sessions for NestJS: rotating refresh tokens, theft detection, no random logouts.',
  lang: 'en',
  head: [['link', { rel: 'icon', href: 'data:,' }]],
  // Pages are docs/, and the documents in the repository's root that docs/ link to.
  srcDir: '..',
  srcExclude: ['README.md', '{src,test,dist,coverage,data}/**'],
  rewrites: placeOnSite,
  themeConfig: {
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
  },
  transformPageData({ relativePath, frontmatter }) {
    if (HAS_WIDE_TABLES.test(relativePath)) frontmatter.aside = false;
  },
  markdown: {
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
    // The same anchors as on GitHub, so that a link to a heading works in both places.
    anchor: { slugify: slug },
    config: linkToPages,
  },
});
