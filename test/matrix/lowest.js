import { readFileSync } from 'node:fs';

const { peerDependencies, engines } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
);

/** The lowest Node that package.json allows, as a version of npm's packages: `20.19.0`. */
export const lowestNode = `${/^>=(\d+\.\d+)$/.exec(engines.node)[1]}.0`;

/**
 * @param {string} nest `'10'`, `'11'` or `'12'`
 * @returns {string[]} the lowest versions that package.json allows together with this version of Nest
 */
export function lowestPackages(nest) {
  const packages = Object.entries(peerDependencies).map(([name, range]) => {
    const versions = [...range.matchAll(/\^([\d.]+)/g)].map(([, version]) => version);
    const ofNest = versions.find((version) => version.startsWith(`${nest}.`));
    return `${name}@${name.startsWith('@nestjs/') ? ofNest : versions[0]}`;
  });
  const [, core] = packages.find((name) => name.startsWith('@nestjs/core@')).split('core@');
  // Not each patch of Nest has an adapter of the same number.
  const adapters = ['express', 'fastify'].map((each) => `@nestjs/platform-${each}@~${core}`);
  return [...packages, ...adapters];
}
