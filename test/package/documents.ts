import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Markdown } from './markdown.js';

const docs = fileURLToPath(new URL('../../docs', import.meta.url));

/** README.md and every page under docs/. */
export const documents: readonly Markdown[] = [
  'README.md',
  ...readdirSync(docs, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.startsWith('.vitepress'))
    .toSorted()
    .map((file) => `docs/${file}`),
].map((file) => new Markdown(file));
