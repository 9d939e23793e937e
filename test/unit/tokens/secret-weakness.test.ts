import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { weaknessOf } from '../../../src/tokens/secret-weakness.js';

const weakness = (secret: string | Buffer) =>
  weaknessOf(Buffer.from(secret as string), 'HS256', 32);

/** Bytes as from a random number generator, but the same every time. */
function randomBytes(seed: string, count: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(count / 32) }, (_, i) =>
    createHash('sha256').update(`${seed} ${i}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, count);
}
/** Random letters or digits of an alphabet of 2 to 64. */
function random(alphabet: string, count: number, seed = 'one'): string {
  return [...randomBytes(seed, count)].map((byte) => alphabet[byte % alphabet.length]).join('');
}
const SMALL = 'abcdefghijklmnopqrstuvwxyz';
const PUBLISHED = 'is a published example that anybody knows';
const ONE_CASE = 'is made of words or letters of one case and can be guessed';
const WORDS = 'is made of words, rows of keys or repetitions and can be guessed';
const ENCODED = 'is an encoding of what can be guessed';

describe('the weakness of a secret', () => {
  it.each([
    'changeme',
    'change-me',
    'change_this',
    'Change It',
    'change in production',
    'replaceme',
    'replace-with',
    'yoursecret',
    'your-secret',
    'your_jwt_key',
    'donotuse',
    'do-not-use',
    'do_not use',
    '<secret>',
    'a placeholder',
    'django-insecure',
  ])('that stands for one until somebody replaces it is that everybody knows it: %s', (text) => {
    expect(weakness(text)).toBe(PUBLISHED);
  });

  it.each(['charge-me', 'your-house', 'do-use-it', '<secret', 'secret>', 'place'])(
    'of another short text is its length: %s',
    (text) => {
      expect(weakness(text)).toBe(`has ${text.length} bytes, HS256 needs at least 32`);
    },
  );

  it.each<[string, string, string]>([
    ['small letters alone', random(SMALL, 39), ONE_CASE],
    ['small letters and signs', `${random(SMALL, 30)}, ${random(SMALL, 20)}!`, ONE_CASE],
    ['capitals alone', random(SMALL.toUpperCase(), 39), ONE_CASE],
    ['capitals and signs', `${random(SMALL, 30)}. ${random(SMALL, 20)}?`.toUpperCase(), ONE_CASE],
    ['words in another script', 'пароль приложения 2026 года не меняли', ONE_CASE],
    ['four letters of another script', `${'1'.repeat(20)} 2345678 пром 90`, ONE_CASE],
    ['digits alone', random('0123456789', 40), 'has no letters and can be guessed'],
    [
      'a UUID',
      '123e4567-e89b-42d3-a456-426614174000',
      'has a UUID in it, which is an identifier and no secret',
    ],
    [
      'few hexadecimal digits',
      random('0123456789abcdef', 62),
      'has 62 hexadecimal digits, which hold 31 bytes',
    ],
    ['words', 'Correct1 Horse2 Battery3 Staple4 Words', WORDS],
    ['words with accents', 'Sécrét Password Dragon Mónkey Lettér', WORDS],
    ['a row of bytes', 'abcabcabcabcabcabcabcabcabcabcabc', 'repeats itself and can be guessed'],
    ['seven different signs', random('aB3$x9Z', 48), 'repeats itself and can be guessed'],
    ['words in base64', Buffer.from('the password of our application').toString('base64'), ENCODED],
    [
      'words in hexadecimal digits',
      Buffer.from('the password of our production').toString('hex') + '2021',
      ENCODED,
    ],
    [
      'words in letters that follow each other as in words',
      'thequickbrownfoxjumpsoverthelazydogandruns',
      WORDS,
    ],
  ])('of %s', (_what, text, sentence) => {
    expect(weakness(text)).toBe(sentence);
  });

  it.each<[string, string | Buffer]>([
    ['32 random bytes', randomBytes('a', 32)],
    ['48 random bytes', randomBytes('b', 48)],
    ['bytes in base64', randomBytes('c', 32).toString('base64')],
    ['bytes in base64, padded twice', randomBytes('d', 34).toString('base64')],
    ['bytes in hexadecimal digits', randomBytes('e', 32).toString('hex')],
    [
      'bytes in groups of hexadecimal digits',
      randomBytes('f', 32)
        .toString('hex')
        .replaceAll(/(..)(?=.)/g, '$1:'),
    ],
    [
      'bytes in lines of hexadecimal digits',
      randomBytes('g', 32)
        .toString('hex')
        .replaceAll(/(.{8})(?=.)/g, '$1\n'),
    ],
    [
      'bytes in lines of Windows',
      randomBytes('h', 32)
        .toString('hex')
        .replaceAll(/(.{8})(?=.)/g, '$1\r\n'),
    ],
    ['forty small letters', random(SMALL, 40)],
    ['sixty capitals', random(SMALL.toUpperCase(), 60)],
    ['letters and digits', random(`${SMALL}${SMALL.toUpperCase()}0123456789`, 43)],
    ['eight different signs', random('aB3$x9Zq', 48)],
    ['a long one', random(`${SMALL}${SMALL.toUpperCase()}0123456789`, 400)],
    [
      'three letters of another script',
      `${random(`${SMALL}${SMALL.toUpperCase()}0123456789`, 43)} про`,
    ],
  ])('of %s is none', (_what, secret) => {
    expect(weakness(secret)).toBeNull();
  });
});
