import { describe, expect, it } from '@jest/globals';
import type { DirectoryUser, UserDirectory } from '../../../src/users/user-directory.js';

type Finds<Id extends number | bigint | string> = () => Promise<DirectoryUser<Id> | null>;
type Fits<Given, Id extends number | bigint | string> = Given extends UserDirectory<Id>['findById']
  ? true
  : false;

describe('the type of a directory’s ids', () => {
  it('is the one that its methods return, which the compiler checks', () => {
    const own: [Fits<Finds<number>, number>, Fits<Finds<bigint>, bigint>] = [true, true];
    const another: [Fits<Finds<number>, bigint>, Fits<Finds<string>, number>] = [false, false];
    expect([...own, ...another]).toEqual([true, true, false, false]);
  });

  it('need not be known to who calls it', () => {
    const isAny: UserDirectory<number> extends UserDirectory ? true : false = true;
    expect(isAny).toBe(true);
  });
});
