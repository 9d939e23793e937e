import { describe, expect, it } from '@jest/globals';
import { latinReadings, lookalikesOf } from '../../../src/usernames/lookalikes.js';
import { inOrdinarySpelling } from '../../../src/usernames/ordinary-spelling.js';
import { nameRefusal } from '../../../src/usernames/usernames.js';

describe('a sign that keyboards give in several forms', () => {
  it.each([
    ['an apostrophe of a phone', 'O\u2019Brien', "O'Brien"],
    ['a Hawaiian ʻokina', 'Hawai\u02bbi', "Hawai'i"],
    ['a Hebrew geresh', 'ז\u05f3אן', "ז'אן"],
    ['Hebrew gershayim', 'צה\u05f4ל', 'צה"ל'],
    ['a Hebrew maqaf', 'בן\u05beגוריון', 'בן-גוריון'],
    ['an Armenian hyphen', 'Անի\u058aՄարի', 'Անի-Մարի'],
    ['the Malayalam letter ṇ', '\u0d23\u0d4d\u200d', '\u0d7a'],
    ['the Malayalam letter n', '\u0d28\u0d4d\u200d', '\u0d7b'],
    ['the Malayalam letter rr', '\u0d30\u0d4d\u200d', '\u0d7c'],
    ['the Malayalam letter l', '\u0d32\u0d4d\u200d', '\u0d7d'],
    ['the Malayalam letter ḷ', '\u0d33\u0d4d\u200d', '\u0d7e'],
    ['the Malayalam letter k', '\u0d15\u0d4d\u200d', '\u0d7f'],
    ['the Bengali letter t', '\u09a4\u09cd\u200d', '\u09ce'],
    ['the Thai am', '\u0e19\u0e4d\u0e32', '\u0e19\u0e33'],
    ['the Thai am before its tone', '\u0e19\u0e4d\u0e49\u0e32', '\u0e19\u0e49\u0e33'],
    ['the Thai am behind its tone', '\u0e19\u0e49\u0e4d\u0e32', '\u0e19\u0e49\u0e33'],
    ['the Lao am', '\u0e99\u0ecd\u0eb2', '\u0e99\u0eb3'],
    ['the Lao am before its tone', '\u0e99\u0ecd\u0ec9\u0eb2', '\u0e99\u0ec9\u0eb3'],
    ['the Lao am behind its tone', '\u0e99\u0ec9\u0ecd\u0eb2', '\u0e99\u0ec9\u0eb3'],
    ['the Armenian ligature of and', '\u0587', '\u0565\u0582'],
  ])('is written in one: %s', (_what, written, ordinary) => {
    expect(inOrdinarySpelling(written)).toBe(ordinary);
    expect(inOrdinarySpelling(ordinary)).toBe(ordinary);
  });
});

describe('a name that looks Latin', () => {
  it.each([
    ['Georgian', 'ყ', 'y'],
    ['Hebrew', 'טוס', 'vlo'],
    ['Arabic', 'هاه', 'olo'],
    ['Ethiopic', 'ሀዐ', 'uo'],
    ['Devanagari', '३०', '3o'],
    ['Bengali', '৪৭০', '89o'],
    ['Gujarati', '૩૦', '3o'],
    ['Oriya', 'ଠ', 'o'],
    ['Kannada', '೦', 'o'],
    ['Malayalam', 'ടഠ', 'so'],
    ['Thai', '๐', 'o'],
    ['Lao', '໐', 'o'],
    ['Burmese', 'ငဝ', 'co'],
    ['Khmer', '០', 'o'],
  ])('is read as it looks: %s', (_script, name, latin) => {
    expect(latinReadings(name)).toContain(latin);
    expect(lookalikesOf(name)).toContain(latin);
  });
});

describe('a name with other forms of Han', () => {
  it.each([...'戶值晚黑郎啓併研絕鎭填'])('looks like the one with the other form: %s', (letter) => {
    const [other] = lookalikesOf(`${letter}子`);
    expect(other).not.toBe(`${letter}子`);
    expect(lookalikesOf(other!)).toContain(`${letter}子`);
  });
});

describe('the refusal of a name', () => {
  it.each([
    ['marks of no script', 'a\u0335b', 'must not have marks that no script puts there'],
    ['signs alone', '...', 'must have a letter or a digit'],
    ['two kinds of Arabic digits', 'ادا٣۴', 'see “۴” (U+06F4)'],
    ['the same in the other order', 'ادا۴٣', 'see “٣” (U+0663)'],
    ['a ligature', 'o\ufb03ce', '“ﬃ” (U+FB03) is none of these'],
  ])('says what is wrong: %s', (_what, name, sentence) => {
    expect(nameRefusal(name)).toContain(sentence);
  });

  it.each(['ادا٣', 'ادا٣٤', 'ادا۴', 'ادا۴۵', '٣ ادا', '۴ ادا'])(
    'is none for digits of one kind: %s',
    (name) => {
      expect(nameRefusal(name)).toBeNull();
    },
  );
});
