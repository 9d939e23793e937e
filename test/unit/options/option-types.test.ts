import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type * as v from 'valibot';
import type { AuthModuleExtras, AuthModuleOptions } from '../../../src/auth-module-options.js';
import type { extrasAmongOptions, optionsOfFactory } from '../../../src/module-options-schema.js';

/** Lists readonly, members that can't be there left out, and undefined as if the member were not there. */
type Plain<T> = T extends ((...args: never[]) => unknown) | Uint8Array | KeyObject
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Plain<Item>[]
    : T extends object
      ? {
          [K in keyof T as [Exclude<T[K], undefined>] extends [never] ? never : K]: Plain<
            Exclude<T[K], undefined>
          >;
        }
      : T;

type IsSame<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

describe('the declared types and the schema', () => {
  it('say the same of the options, which the compiler checks', () => {
    const options: IsSame<
      Plain<AuthModuleOptions>,
      Plain<v.InferInput<typeof optionsOfFactory>>
    > = true;
    const extras: IsSame<
      Plain<AuthModuleExtras>,
      Plain<v.InferInput<typeof extrasAmongOptions>>
    > = true;
    expect([options, extras]).toEqual([true, true]);
  });

  it('are compared so that a difference shows', () => {
    const another: IsSame<Plain<{ a?: number }>, Plain<{ a?: string }>> = false;
    const missing: IsSame<Plain<{ a?: number; b: 1 }>, Plain<{ b: 1 }>> = false;
    const needed: IsSame<Plain<{ a?: number }>, Plain<{ a: number }>> = false;
    const nested: IsSame<Plain<{ a: { b: 1 }[] }>, Plain<{ a: { b: 1; c?: 2 }[] }>> = false;
    expect([another, missing, needed, nested]).toEqual([false, false, false, false]);
  });
});
