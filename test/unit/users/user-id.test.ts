import { describe, expect, it } from '@jest/globals';
import { requireUserId } from '../../../src/users/require-user-id.js';
import { describedId, isSameId, sameIds, userIdOf } from '../../../src/users/user-id.js';

const HEX = '507f1f77bcf86cd799439011';
const objectId = (hex: unknown) => ({ toHexString: () => hex, toString: () => 'anything' });

describe('a user’s id', () => {
  it.each<[unknown, string]>([
    ['a', 'a'],
    ['a b', 'a b'],
    ['x'.repeat(255), 'x'.repeat(255)],
    ['🦊', '🦊'],
    ['❤️', '❤️'],
    ['👩‍💻', '👩‍💻'],
    ['می‌خواهم', 'می‌خواهم'],
    ['auth0|5f7c8ec7c33c6c004bbafe82', 'auth0|5f7c8ec7c33c6c004bbafe82'],
    ['did:plc:ewvi7nxzyoun6zhxrhs64oiz', 'did:plc:ewvi7nxzyoun6zhxrhs64oiz'],
    ['cjld2cjxh0000qzrmn831i7rn', 'cjld2cjxh0000qzrmn831i7rn'],
    ['{b3f1c2d4-5a6b-4c7d-8e9f-0a1b2c3d4e5f}', '{b3f1c2d4-5a6b-4c7d-8e9f-0a1b2c3d4e5f}'],
    ['null@example.com', 'null@example.com'],
    ['ada+undefined@example.com', 'ada+undefined@example.com'],
    ['functional', 'functional'],
    ['classy {girl}', 'classy {girl}'],
    ['dev-null', 'dev-null'],
    ['symbol(7)', 'symbol(7)'],
    ['5e10', '5e10'],
    ['None-such', 'None-such'],
    ['nil7', 'nil7'],
    ['BaNaN', 'BaNaN'],
    ['élNaN', 'élNaN'],
    ['00000000-0000-0000-0000-000000000001', '00000000-0000-0000-0000-000000000001'],
    ['000000000000000000000001', '000000000000000000000001'],
    ['00000000', '00000000'],
    ['V1StGXR8_Z5jdHi6B-myT', 'V1StGXR8_Z5jdHi6B-myT'],
    ['Zm9v+/8=', 'Zm9v+/8='],
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
    [` ${'x'.repeat(254)}`, 'a text with'],
    ['x'.repeat(256), 'a text of 256 characters'],
    ['[object Object]', 'the text “[object Object]”'],
    ['[object Promise]', 'the text “[object Promise]”'],
    ['undefined', 'the text “undefined”'],
    ['null', 'the text “null”'],
    ['NaN', 'the text “NaN”'],
    ['NULL', 'the text “NULL”'],
    ['None', 'the text “None”'],
    ['nil', 'the text “nil”'],
    ['<nil>', 'the text “<nil>”'],
    ['auth0|None', 'the text “auth0|None”'],
    ['00000000-0000-0000-0000-000000000000', 'the text “00000000-0000-'],
    ['{00000000-0000-0000-0000-000000000000}', 'the text “{00000000-0000-'],
    ['urn:uuid:00000000-0000-0000-0000-000000000000', 'the text “urn:uuid:0000'],
    ['0'.repeat(32), 'the text “0000'],
    ['0'.repeat(24), 'the text “0000'],
    ['Invalid Date', 'the text “Invalid Date”'],
    [String(new Date(7)), 'the text “Thu Jan 01 1970'],
    ['Symbol(id)', 'the text “Symbol(id)”'],
    [String(() => 7), 'the text “() => 7”'],
    ['async (user) => user.id', 'the text “async'],
    ['user => user.id', 'the text “user'],
    [String(Object.keys), 'the text “function keys() {'],
    ['function id() {\n  return 7;\n}', 'the text “function id() {'],
    ['class User {}', 'the text “class User {}”'],
    ['Promise { <pending> }', 'the text “Promise'],
    ['auth0|undefined', 'the text “auth0|undefined”'],
    ['tenant:null', 'the text “tenant:null”'],
    ['7-NaN', 'the text “7-NaN”'],
    ['tenant/[object Object]/7', 'the text “tenant/[object Object]/7”'],
    [`[object Object]/${'7'.repeat(25)}`, `the text “[object Object]/${'7'.repeat(24)}”`],
    [String(2 ** 90), 'the text “1.2379400392853803e+27”'],
    ['{}', 'a text with'],
    ['[]', 'a text with'],
    ['"."', 'a text with'],
    [',', 'a text with'],
    [':', 'a text with'],
    ['\u200b', 'a text with'],
    ['\u200d', 'a text with'],
    ['\ufeffa', 'a text with'],
    ['a\u200b', 'a text with'],
    ['a\u200d', 'a text with'],
    ['a\u2060b', 'a text with'],
    ['a\u00adb', 'a text with'],
    ['\u202ea', 'a text with'],
    ['\u3164', 'a text with'],
    ['\u2800', 'a text with'],
    ['\ufffd\ufffd', 'a text with'],
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
    [objectId('z7'), 'an object'],
    [objectId('7z'), 'an object'],
    [objectId('0'.repeat(24)), 'an object'],
    [objectId('a'.repeat(256)), 'an object'],
  ])('may not be %p, which several users could share', (value, what) => {
    expect(userIdOf(value)).toBeNull();
    expect(describedId(value)).toContain(what);
  });

  it('must be exactly the requested one; hex digits in any case', () => {
    expect(isSameId('ab', 'ab')).toBe(true);
    expect(isSameId('ab', 'AB')).toBe(false);
    expect(isSameId(HEX, HEX.toUpperCase())).toBe(true);
    expect(isSameId(HEX, HEX.replace('5', '6'))).toBe(false);
    expect(isSameId('7', '07')).toBe(false);
  });

  it('of hex digits has another form in the other case', () => {
    const uuid = 'b3f1c2d4-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
    expect(sameIds(uuid)).toEqual([uuid, uuid.toUpperCase()]);
    expect(sameIds(uuid.toUpperCase())).toEqual([uuid.toUpperCase(), uuid]);
    expect(sameIds('ab')).toEqual(['ab']);
    expect(sameIds('123456789012345678901234')).toEqual(['123456789012345678901234']);
  });

  it.each(['u7', 7, 7n, objectId('a7')])('is accepted from the app as text: %p', (value) => {
    expect(requireUserId(value)).toBe(userIdOf(value));
  });

  it.each([
    ['no text', ''],
    ['a text that others share', 'undefined'],
    ['nothing', undefined],
    ['a promise', Promise.resolve('7')],
    [
      'what can’t be read',
      {
        get toHexString(): never {
          throw new Error('mine');
        },
      },
    ],
  ])('is not accepted from the app, but refused with what an id is: %s', (_what, value) => {
    expect(() => requireUserId(value)).toThrow(
      expect.objectContaining({
        code: 'invalid_request',
        message: expect.stringMatching(/^userId: must be a text of 1 to 255 characters /),
      }),
    );
  });
});
