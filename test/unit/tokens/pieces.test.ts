import { describe, expect, it } from '@jest/globals';
import { piecesOf } from '../../../src/tokens/labelled.js';

const HEX = '0123456789abcdef'.repeat(4);

describe('the pieces of a text that may be a labelled secret', () => {
  it.each<[string, string, number, string[]]>([
    ['a text without signs has none', 'abcdefgh', 4, []],
    ['without its label', 'key_abcdefgh', 4, ['abcdefgh']],
    ['between two signs', 'a_bcdefgh_i', 4, ['bcdefgh', 'bcdefgh_i', 'a_bcdefgh']],
    ['none that is too short', 'ab_cd', 3, []],
    ['one that is just long enough', 'ab_cde', 3, ['cde']],
    [
      'signs of base64 belong to the secret',
      'k:ab+c/d==',
      4,
      ['ab+c/d==', 'ab+c/d', 'k:ab+c/d', 'k:ab+c', 'ab+c', 'k:ab', 'c/d=='],
    ],
    ['two signs in a row are one label', 'key__abcdefgh', 4, ['abcdefgh']],
    ['each once', 'abcd_abcd', 4, ['abcd']],
  ])('%s: %j', (_what, text, least, pieces) => {
    expect(piecesOf(text, least).toSorted()).toEqual(pieces.toSorted());
  });

  it('the likeliest come first', () => {
    expect(piecesOf('ab-cdef-gh', 4)).toEqual(['cdef', 'ab-cdef', 'cdef-gh']);
  });

  it.each([HEX, HEX.toUpperCase()])(
    'hexadecimal digits in whatever is around them: %s',
    (digits) => {
      expect(piecesOf(`xyz${digits}xyz`, 64)).toEqual([digits]);
      expect(piecesOf(`xyz${digits.slice(1)}xyz`, 63)).toEqual([]);
    },
  );

  it('no UUID is part of any', () => {
    const uuid = '123e4567-e89b-42d3-a456-426614174000';
    expect(piecesOf(`${uuid}_abcdefgh`, 8)).toEqual(['abcdefgh', ' _abcdefgh']);
    expect(piecesOf(uuid.toUpperCase(), 4)).toEqual([]);
  });

  it('ten labels at the start and three at the end are taken away, and no more', () => {
    const starts = Array.from({ length: 12 }, (_, i) => String.fromCharCode(97 + i)).join('_');
    const pieces = piecesOf(`${starts}_SECRETSECRET`, 12);
    // The eleventh and the twelfth label stay, but for what stands between signs.
    expect(pieces).toContain('SECRETSECRET');
    expect(pieces).toContain('k_l_SECRETSECRET');
    expect(pieces).not.toContain('l_SECRETSECRET');
    const ends = piecesOf('SECRETSECRET_a_b_c_d', 12);
    expect(ends).toContain('SECRETSECRET_a');
    expect(ends).toContain('SECRETSECRET_a_b_c');
    expect(ends.filter((piece) => piece.startsWith('SECRETSECRET'))).toEqual([
      'SECRETSECRET',
      'SECRETSECRET_a',
      'SECRETSECRET_a_b',
      'SECRETSECRET_a_b_c',
    ]);
  });
});
