import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/**
 * The packages of the README's line `npm install …` for a version of Nest.
 * @param {string} nest `'10'`, `'11'` or `'12'`
 * @returns {string[]} the first is this package
 */
export function documentedPackages(nest) {
  const readme = readFileSync(join(repository, 'README.md'), 'utf8');
  const line =
    nest === '12'
      ? /^With Nest 12:\n\n```sh\nnpm install (.*)$/m
      : new RegExp(`^\\| ${nest} +\\| \`npm install (.*?)\``, 'm');
  const [, packages] = line.exec(readme) ?? [];
  if (packages === undefined) throw new Error(`README.md doesn't say what to install for ${nest}`);
  return packages.split(' ');
}

/** @returns {Record<string, string>} the files of the new app of the documents, by their paths */
export function documentedFiles() {
  const blocks = newApp().matchAll(/^```ts\n\/\/ (src\/\S+)\n(.*?)^```$/gms);
  return Object.fromEntries([...blocks].map(([, path, code]) => [path, code]));
}

/** @returns {string} the shell commands of the new app of the documents that use it */
export function documentedCommands() {
  const [, commands] = /^In another terminal:\n\n```sh\n(.*?)^```$/ms.exec(newApp());
  return commands;
}

function newApp() {
  return readFileSync(join(repository, 'docs/getting-started/new-app.md'), 'utf8');
}
