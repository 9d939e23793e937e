import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { COMMON_WORDS } from '../../../src/tokens/common-words.js';
import { isHashedWord } from '../../../src/tokens/hashed-words.js';

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest();
const hashed = (algorithm: string, text: string) => createHash(algorithm).update(text).digest();
const md5 = (text: string) => hex('md5', text);
const hex = (algorithm: string, text: string) => hashed(algorithm, text).toString('hex');
const filled = (beginning: Buffer, bytes: number) =>
  Buffer.concat([beginning, Buffer.alloc(bytes - beginning.length, 0x5a)]);

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
const first = COMMON_WORDS[0]!;
const second = COMMON_WORDS[1]!;

/** Which of these texts are found by their SHA-256. */
const found = (texts: readonly string[]) => texts.filter((text) => isHashedWord(sha256(text)));

describe('SHA-256 of a text is found', () => {
  it.each<[string, readonly string[]]>([
    ['nothing at all, and nothing but a line end', ['', '\n']],
    [
      'a sentence that everybody knows',
      [
        'changeme',
        'change-me',
        'change_me',
        'hello world',
        'Hello World',
        'Hello, World!',
        'correct horse battery staple',
        'The quick brown fox jumps over the lazy dog',
        'change_me\n',
      ],
    ],
    ['a row of digits', ['1', '12', '123456', '12345678', '123456789', '1234567890']],
    ['a word', [first, second, COMMON_WORDS[49]!, COMMON_WORDS[50]!, COMMON_WORDS[399]!]],
    ['a word with a line end', [`${first}\n`, `${COMMON_WORDS[49]}\n`, `${COMMON_WORDS[19]}\r\n`]],
    [
      'a word in capitals',
      [first, COMMON_WORDS[99]!].flatMap((word) => [capital(word), word.toUpperCase()]),
    ],
    [
      'a word with an ending',
      ['1', '123', '1234', '!', '2024', '2025'].flatMap((ending) =>
        [first, COMMON_WORDS[19]!, 'supersecret'].flatMap((word) => [
          word + ending,
          capital(word) + ending,
        ]),
      ),
    ],
    ['SuperSecret with an ending', ['SuperSecret1', 'SuperSecret2025']],
    [
      'two words',
      ['', ' ', '-', '_'].flatMap((between) => [
        first + between + second,
        second + between + first,
        first + between + COMMON_WORDS[9],
      ]),
    ],
    [
      'the name of a setting',
      ['access', 'refresh', 'jwt', 'my', 'super', 'auth'].flatMap((use) =>
        ['token', 'secret'].flatMap((kind) =>
          ['secret', 'key'].flatMap((last) =>
            ['', ' ', '-', '_'].map((between) => [use, kind, last].join(between)),
          ),
        ),
      ),
    ],
  ])('that is %s', (_what, texts) => {
    expect(found(texts)).toEqual(texts);
  });

  it('unless it is less frequent: each costs a hash at every boot', () => {
    expect(
      found([
        COMMON_WORDS[400]!,
        `${COMMON_WORDS[50]}\n`,
        `${COMMON_WORDS[20]}\r\n`,
        capital(COMMON_WORDS[100]!),
        `${COMMON_WORDS[20]}123`,
        `${first} ${COMMON_WORDS[10]}`,
        'zx81',
      ]),
    ).toEqual([]);
  });
});

describe('other hashes', () => {
  it.each<[string, Buffer]>([
    ['SHA3-256', hashed('sha3-256', first)],
    ['SHA-512/256', hashed('sha512-256', first)],
    ['SHA-256 twice', sha256(hex('sha256', first))],
    ['SHA-256 of MD5', sha256(md5(first))],
    ['MD5, and other bytes up to 32', filled(hashed('md5', first), 32)],
    ['SHA-1, and other bytes up to 32', filled(hashed('sha1', first), 32)],
    ['SHA-1, and other bytes up to 40', filled(hashed('sha1', first), 40)],
    ['SHA-384', hashed('sha384', first)],
    ['SHA-384 of a rarer word', hashed('sha384', COMMON_WORDS[300]!)],
    ['MD5, and other bytes up to 48', filled(hashed('md5', first), 48)],
    ['SHA-512', hashed('sha512', first)],
    ['SHA-512 of a rarer word', hashed('sha512', COMMON_WORDS[300]!)],
    ['SHA3-512', hashed('sha3-512', first)],
    ['SHA-512 twice', hashed('sha512', hex('sha512', first))],
    ['SHA-256, and another up to 64', filled(sha256(first), 64)],
  ])('are found: %s', (_what, bytes) => {
    expect(isHashedWord(bytes)).toBe(true);
  });

  it.each<[string, Buffer]>([
    ['SHA3-256', hashed('sha3-256', COMMON_WORDS[60]!)],
    ['SHA-512/256', hashed('sha512-256', COMMON_WORDS[60]!)],
    ['SHA-256 twice', sha256(hex('sha256', COMMON_WORDS[60]!))],
    ['SHA-256 of MD5', sha256(md5(COMMON_WORDS[60]!))],
    ['MD5 in 32 bytes', filled(hashed('md5', COMMON_WORDS[60]!), 32)],
    ['SHA-1 in 32 bytes', filled(hashed('sha1', COMMON_WORDS[60]!), 32)],
    ['SHA-1 in 40 bytes', filled(hashed('sha1', COMMON_WORDS[60]!), 40)],
    ['MD5 in 48 bytes', filled(hashed('md5', COMMON_WORDS[60]!), 48)],
    ['SHA3-512', hashed('sha3-512', COMMON_WORDS[60]!)],
    ['SHA-512 twice', hashed('sha512', hex('sha512', COMMON_WORDS[60]!))],
    ['SHA-256 in 64 bytes', filled(sha256(COMMON_WORDS[60]!), 64)],
    ['SHA-256 in 33 bytes', filled(sha256(first), 33)],
    ['SHA-1 in 20 bytes', hashed('sha1', first)],
  ])('are not, of a rarer word or in another length: %s', (_what, bytes) => {
    expect(isHashedWord(bytes)).toBe(false);
  });
});
