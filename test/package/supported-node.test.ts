import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import semver from 'semver';

interface LockedPackage {
  version?: string;
  engines?: { node?: string };
  optional?: true;
}

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Record<string, object>;

describe('the oldest Node that package.json allows', () => {
  const { node: range } = read('package.json').engines as { node: string };
  const oldest = semver.minVersion(range)!.version;

  it('is one for which every locked package is made, so npm ci has nothing to warn of', () => {
    const packages = Object.entries(
      read('package-lock.json').packages as Record<string, LockedPackage>,
    );
    expect(packages.length).toBeGreaterThan(500);
    const tooNew = packages
      // npm leaves an optional package out where it does not fit.
      .filter(([, { engines, optional }]) => engines?.node !== undefined && !optional)
      .filter(([, { engines }]) => !semver.satisfies(oldest, engines!.node!))
      .map(([path, { version, engines }]) => `${path} ${version} needs ${engines!.node}`);
    expect(tooNew).toEqual([]);
  });
});
