import { describe, expect, it } from '@jest/globals';
import { describedId, isSameId, userIdOf } from '../../../src/sessions/user-id.js';

const HEX = '507f1f77bcf86cd799439011';
const objectId = (hex: unknown) => ({ toHexString: () => hex, toString: () => 'anything' });

describe('a user’s id', () => {
  it.each<[unknown, string]>([
    ['a', 'a'],
    ['a b', 'a b'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['🦊', '🦊'],
    ['0', '0'],
    [0, '0'],
    [-7, '-7'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
    [2n ** 64n, '18446744073709551616'],
    [objectId(HEX), HEX],
    [objectId('01234567-89ab-cdef-0123-456789abcdef'), '01234567-89ab-cdef-0123-456789abcdef'],
  ])('may be %p', (value, id) => {
    expect(userIdOf(value)).toBe(id);
  });

  it.each<[unknown, string]>([
    ['', 'an empty text'],
    [' ', 'a text with'],
    [' a', 'a text with'],
    ['a ', 'a text with'],
    ['a\n', 'a text with'],
    ['a\nb', 'a text with'],
    ['a\0b', 'a text with'],
    ['a\ud800', 'a text with'],
    ['x'.repeat(256), 'a text of 256 characters'],
    ['[object Object]', 'the text “[object Object]”'],
    ['[object Promise]', 'the text “[object Promise]”'],
    ['undefined', 'the text “undefined”'],
    ['null', 'the text “null”'],
    ['NaN', 'the text “NaN”'],
    [null, 'null'],
    [undefined, 'undefined'],
    [NaN, 'NaN'],
    [Infinity, 'Infinity'],
    [-0, '-0'],
    [1.5, '1.5'],
    [2 ** 53, '9007199254740992'],
    [true, 'true'],
    [false, 'false'],
    [Symbol('7'), 'a symbol'],
    [() => 7, 'a function'],
    [Promise.resolve(7), 'a promise: await it'],
    [{}, 'an object'],
    [{ toString: () => '7' }, 'an object'],
    [Object.create(null), 'an object'],
    [new Date(7), 'an object (Date)'],
    [Object('7'), 'an object (String)'],
    [Object(7), 'an object (Number)'],
    [['7'], 'an array'],
    [Buffer.from('7'), 'an object (Buffer)'],
    [objectId(7), 'an object'],
    [objectId('no hex'), 'an object'],
    [objectId(''), 'an object'],
    [objectId('a'.repeat(256)), 'an object'],
  ])('may not be %p: others could be taken for the same', (value, what) => {
    expect(userIdOf(value)).toBeNull();
    expect(describedId(value)).toContain(what);
  });

  it('is the one that was asked for, exactly; of hex digits whatever their case', () => {
    expect(isSameId('ab', 'ab')).toBe(true);
    expect(isSameId('ab', 'AB')).toBe(false);
    expect(isSameId(HEX, HEX.toUpperCase())).toBe(true);
    expect(isSameId('7', '07')).toBe(false);
  });
});
