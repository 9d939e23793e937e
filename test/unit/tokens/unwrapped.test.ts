import { describe, expect, it } from '@jest/globals';
import { unwrapped } from '../../../src/tokens/unwrapped.js';

describe('a secret as it stands in a file', () => {
  it.each([
    ['a b', 'a b'],
    [' \ta b\r\n', 'a b'],
    ['"a b"', 'a b'],
    ["'a b'\n", 'a b'],
    ['\n `a b` ', 'a b'],
    ['" a b "', 'a b'],
    ['"a\nb"', 'a\nb'],
    ['"a b\'', '"a b\''],
    ['"a" b', '"a" b'],
    ['x"a b"', 'x"a b"'],
    ['"a b"x', '"a b"x'],
    ['""', ''],
    ['"', '"'],
  ])('%j is %j', (written, secret) => {
    expect(unwrapped(written)).toBe(secret);
  });
});
