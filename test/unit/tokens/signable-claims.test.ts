import { describe, expect, it } from '@jest/globals';
import { signableClaims } from '../../../src/tokens/signable-claims.js';

const circular: Record<string, unknown> = {};
circular.self = { circular };
const deep = (): unknown => {
  let value: unknown = 0;
  for (let i = 0; i < 100_000; i += 1) value = [value];
  return value;
};

describe('claims', () => {
  it('are copied unchanged if JSON can represent them', () => {
    const claims = {
      roles: ['admin'],
      since: new Date(0),
      none: null,
      left: undefined,
      n: 1.5,
      nested: { a: [{ b: 'c' }] },
    };
    expect(signableClaims(claims)).toEqual(claims);
    expect(signableClaims(JSON.parse('{"__proto__":{"a":1}}'))).not.toHaveProperty('a');
  });

  it.each<[string, unknown, RegExp]>([
    ['a bigint', 10n, /it is, or contains, a bigint/],
    ['a bigint within', [{ balance: 10n }], /it is, or contains, a bigint/],
    ['itself', circular, /it contains itself/],
    ['a function', () => 1, /a function/],
    ['a symbol', Symbol('x'), /a symbol/],
    ['a promise', Promise.resolve(['admin']), /a promise: await it/],
    ['a Set', new Set(['admin']), /an object \(Set\)/],
    ['a Map', new Map(), /an object \(Map\)/],
    [
      'a toJSON that fails like a mistake in code',
      {
        toJSON() {
          throw new TypeError('secret 42 is not a function');
        },
      },
      /reading it, or its toJSON\(\), failed/,
    ],
    ['a toJSON that makes a bigint', { toJSON: () => 7n }, /bigint/],
    [
      'a toJSON that throws',
      {
        toJSON() {
          throw new Error('secret 42');
        },
      },
      /reading it, or its toJSON\(\), failed\.$/,
    ],
    ['more depth than JSON has', deep(), /nested too deeply/],
  ])('that are, or contain, %s are refused by name', (_what, value, reason) => {
    const refusal = () => signableClaims({ fine: 1, odd: value });
    expect(refusal).toThrow(reason);
    expect(refusal).toThrow(/^The claim "odd" can not be put into a token: /);
    expect(refusal).not.toThrow(/secret/);
  });

  it('with a getter that throws are refused by name', () => {
    const claims = Object.defineProperty({}, 'odd', {
      enumerable: true,
      get() {
        throw new Error('no');
      },
    });
    expect(() => signableClaims(claims)).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(/^The claim "odd"/),
        cause: expect.objectContaining({ message: 'no' }),
      }),
    );
  });

  it('can’t replace the whole token', () => {
    expect(() => signableClaims({ toJSON: () => ({ sub: 'mallory' }) })).toThrow(/"toJSON"/);
  });
});
