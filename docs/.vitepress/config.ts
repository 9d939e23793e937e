import { slug } from 'github-slugger';
import { defineConfig } from 'vitepress';
import { sidebar } from './sidebar';
import { linkToPages, placeOnSite } from './site-paths';

export default defineConfig({
  title: 'nestjs-refresh-auth',
  description:
    'Login sessions for NestJS: rotating refresh tokens, theft detection, no random logouts.',
  lang: 'en',
  // Pages are docs/, and the documents in the repository's root that docs/ link to.
  srcDir: '..',
  srcExclude: ['README.md', '{src,test,dist,coverage,data}/**'],
  rewrites: placeOnSite,
  themeConfig: {
    sidebar,
    outline: [2, 3],
    search: { provider: 'local' },
  },
  markdown: {
    // The same anchors as on GitHub, so that a link to a heading works in both places.
    anchor: { slugify: slug },
    config: linkToPages,
  },
});
