import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { weaknessOf } from '../../../src/tokens/secret-weakness.js';
import { SEEDS } from './seeds.js';
import { PUBLISHED } from '../../known-secrets/published.js';

const judged = (secret: string | Buffer) => weaknessOf(Buffer.from(secret), 'HS256', 32);

/** Bytes that look random and are the same each time. */
const randomLike = (seed: number, length: number) => {
  const blocks = [0, 1].map((i) => createHash('sha512').update(`${seed}/${i}`).digest());
  return Buffer.concat(blocks).subarray(0, length);
};

describe('a publicly known secret is refused', () => {
  it.each(PUBLISHED)('%j', (secret) => {
    expect(judged(secret)).toMatch(/published example/);
  });

  it('in capitals, in quotes, with a line end, decoded, encoded, without its padding', () => {
    const hex = '09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7';
    const base64 = PUBLISHED.find((secret) => secret.startsWith('YWVu'))!;
    for (const other of [
      hex.toUpperCase(),
      `"${hex}"`,
      ` '${hex}' `,
      `${hex}\r\n`,
      base64.replace('=', ''),
      Buffer.from(hex, 'hex'),
      Buffer.from(base64, 'base64'),
    ]) {
      expect(judged(other)).toMatch(/published example/);
    }
    expect(judged(Buffer.from(hex).toString('base64'))).toMatch(/an encoding of/);
    expect(judged(Buffer.from(hex).toString('hex'))).toMatch(/can be guessed/);
  });
});

describe('a guessable secret is refused:', () => {
  const UUID = 'b3f1c2d4-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
  it.each<[string, string[], RegExp]>([
    [
      'a UUID',
      [UUID, UUID.toUpperCase(), `{${UUID}}`, `urn:uuid:${UUID}`, UUID + UUID.replace('b3', 'd4')],
      /UUID/,
    ],
    ['one with something before or after it', [`jwt-${UUID}`, `${UUID}-secret`], /UUID/],
    ['one without dashes', [UUID.replaceAll('-', ''), `0x${UUID.replaceAll('-', '')}`], /hold 16/],
    ['a hash of a word', [md5('secret'), sha1('secret')], /hexadecimal digits, which hold/],
    [
      'digits and signs',
      [
        '31415926535897932384626433832795028841',
        '2024-01-17 11:42:05.123456789 +0100',
        '07.11.1987/28.02.1990/14.05.2012',
      ],
      /no letters/,
    ],
    [
      'words, however they are joined',
      [
        'this is the secret of our little shop',
        'never-gonna-tell-anybody-about-this',
        'MAKE_SURE_THAT_NOBODY_EVER_READS_THIS',
        'undertheseaofsecretsthereisaking',
        'OurCompanySignsItsTokensWithThisKey2024',
        'correct.horse.battery.staple.Monkey.1987',
        'Sup3r-S3cr3t-T0ken-F0r-My-App-2024!',
        'Esta_Es_La_Clave_Super_Secreta_De_Mi_App',
        'пароль-из-букв-и-цифр',
        '32자 이상의 임의 문자열을 여기에 넣으세요',
      ],
      /can be guessed/,
    ],
    [
      'sentences that fill pages or try out letters',
      [
        'Lorem ipsum dolor sit amet, consectetur adipiscing elit',
        'Ut enim ad minim veniam, quis nostrud exercitation',
        'The Quick Brown Fox Jumps Over The Lazy Dog 1',
        'Sphinx of black quartz, judge my vow! 2024',
        'JackdawsLoveMyBigSphinxOfQuartz42',
        'Waltz, bad nymph, for quick jigs vex!',
        'Th3Qu1ckBr0wnF0xJumps0v3rTh3LazyD0g',
        'loremipsumdolorsitametconsecteturadipiscingelit',
      ],
      /can be guessed/,
    ],
    [
      'words with capitals, digits and signs',
      [
        'MyDaughterEmilyWasBornInMarch2015!',
        'ILoveMyDogRexAndMyCatWhiskers2023',
        'Elephant-Giraffe-Penguin-Octopus-42',
        'Blueberry7Pancake!Waterfall9Sunset',
        'Estö-és-la-clàve-sécreta-de-mi-äpp-7',
      ],
      /can be guessed/,
    ],
    [
      'rows that take turns',
      [
        'a1b2c3d4e5f6g7h8i9j0k1l2m3n4o5p6',
        'AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEf',
        'aB1!aB2!aB3!aB4!aB5!aB6!aB7!aB8!',
        'Aa1Bb2Cc3Dd4Ee5Ff6Gg7Hh8Ii9Jj0Kk1Ll2',
        'a01b02c03d04e05f06g07h08i09j10k11l12m13',
        'ab12cd34ef56gh78ij90kl12mn34op56',
        'q1w2e3r4t5y6u7i8o9p0a1s2d3f4g5h6',
        'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF',
        'AzByCxDwEvFuGtHsIrJqKpLoMnNmOlPk',
        'a1b2c3d4e5f60718293a4b5c6d7e8f901a2b3c4d5e6f708192a3b4c5d6e7f809',
      ],
      /can be guessed/,
    ],
    [
      'a hash of a word, in whatever encoding',
      [
        'secret',
        'password',
        'Admin',
        'mysecret',
        'change-me',
        'Hello, World!',
        '123456',
        '',
      ].flatMap((word) => [
        hashed('sha256', word, 'hex'),
        hashed('sha256', word, 'hex').toUpperCase(),
        hashed('sha256', word, 'hex').replaceAll(/(..)(?=.)/g, '$1:'),
        hashed('sha256', word, 'base64'),
        hashed('sha256', word, 'base64url'),
        hashed('sha384', word, 'base64'),
        hashed('sha512', word, 'hex'),
        hashed('sha512', word, 'base64url'),
        inBase64(hashed('sha256', word, 'hex')),
      ]),
      /hash of a word|encoding of/,
    ],
    [
      'a token or a key of another kind',
      [
        'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9',
        'Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI3In0.x7Kq9Zp2',
        'eyAiYWxnIjogIkhTMjU2IiB9.e30.0123456789',
        'sk_test_4eC39HqLyjWDarjtT1zdp7dc',
        'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY',
        '-----BEGIN EC PRIVATE KEY-----\nMHcCAQEEIIG8fT2JkXv0qW\n-----END EC PRIVATE KEY-----',
        'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj',
        'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo',
        'MIIEowIBAAKCAQEAu1SU1LfVLPHCozMxH2Mo4lgOEePzNm0tRgeLezV6ffAt0gun',
        'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9',
        'MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC',
        'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQC7VJTUt9Us8cKjMzEfYyjiWA4R',
        'AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl',
        'b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW',
      ],
      /token or a key|published example/,
    ],
    [
      'a placeholder',
      [
        '<random_string_at_least_32_characters_long>',
        'REPLACE_WITH_A_64_CHARACTER_RANDOM_STRING',
        'your-256-bit-secret-key-change-in-production',
        'django-insecure-x9-crhobalg4ql+x#s-vyg^ern71r4#j=3kvnjb',
        'changeme-changeme2-changeme3-changeme4',
      ],
      /published example/,
    ],
    [
      'rows of keys and of the alphabet',
      [
        '0123456789abcdefghijklmnopqrstuvwxyzABCDEF',
        'qwertyuiopasdfghjklzxcvbnm1234567890QWE',
        '1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p',
        '0123456789abcdef0123456789abcdeffedcba9876543210fedcba9876543210',
        '9876543210zyxwvutsrqponmlkjihgfedcbA',
        'aNdRgUkXp2s5v8y/B?E(G+KbPeShVmYq3t6w9z$C&F)J@Mc',
      ],
      /can be guessed|published example/,
    ],
    [
      'pieces that repeat',
      [
        'Ab3Ab3Ab3Ab3Ab3Ab3Ab3Ab3Ab3Ab3Ab3X',
        'x7Kq9-x7Kq9-x7Kq8-x7Kq9-x7Kq9-x7Kq7',
        'aA1'.repeat(20) + 'b',
      ],
      /can be guessed/,
    ],
    [
      'an encoding of any of these',
      [
        inBase64('this is the secret of our little shop'),
        inBase64('OurCompanySignsItsTokensWithThisKey2024').replaceAll('=', ''),
        inBase64(inBase64('this is the secret of our little shop')),
        Buffer.from('my-super-secret-jwt-key-for-production').toString('hex'),
        inBase64(UUID),
        inBase64(md5('secret')),
      ],
      /encoding|can be guessed/,
    ],
  ])('%s', (_what, secrets, sentence) => {
    const passing = secrets.filter((secret) => judged(secret) === null);
    expect(passing).toEqual([]);
    for (const secret of secrets) expect(judged(secret)).toMatch(sentence);
  });

  it('bytes that count up, or that base64 decoded from a phrase', () => {
    const counting = Buffer.from(Array.from({ length: 48 }, (_, i) => i));
    const phrase = Buffer.from('thisisthesecretofourlittleshopinthetown', 'base64');
    expect(judged(counting)).toMatch(/can be guessed/);
    expect(judged(counting.toString('hex'))).toMatch(/can be guessed/);
    expect(judged(counting.toString('base64'))).toMatch(/can be guessed/);
    expect(judged(Buffer.concat([phrase, phrase.subarray(3, 9)]))).toMatch(/can be guessed/);
  });
});

describe('a secret from a random number generator', () => {
  it('is never refused, in any encoding and with any surrounding text', () => {
    const refused: string[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) {
      for (const length of [32, 48, 64]) {
        const bytes = randomLike(seed, length);
        const hex = bytes.toString('hex');
        const text = bytes.toString('base64');
        for (const secret of [
          bytes,
          hex,
          hex.toUpperCase(),
          text,
          `"${text}"\n`,
          bytes.toString('base64url'),
        ]) {
          const weakness = judged(secret);
          if (weakness !== null) refused.push(`${secret.toString()} ${weakness}`);
        }
      }
    }
    expect(refused).toEqual([]);
  });

  it('of 32 letters and digits is not refused either, nor one with signs, nor base32', () => {
    const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
    for (const alphabet of [
      LETTERS,
      `${LETTERS}!#$%&*+-./:;<=>?@^_~`,
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567',
    ]) {
      for (let seed = 0; seed < SEEDS; seed += 1) {
        const length = alphabet.length === 32 ? 52 : 32;
        const secret = [...randomLike(seed, length)].map(
          (byte) => alphabet[byte % alphabet.length],
        );
        expect([secret.join(''), judged(secret.join(''))]).toEqual([secret.join(''), null]);
      }
    }
  });

  it('of letters of one case is not refused, nor pairs of hexadecimal digits with separators', () => {
    const refused: string[] = [];
    for (let seed = 0; seed < SEEDS; seed += 1) {
      const letters = [...randomLike(seed, 64)].map(
        (byte) => 'abcdefghijklmnopqrstuvwxyz'[byte % 26],
      );
      const hex = randomLike(seed, 32).toString('hex');
      for (const secret of [
        letters.join(''),
        letters.slice(0, 40).join(''),
        letters.join('').toUpperCase(),
        ...[':', '-', ' ', ',', '_'].map((sign) => hex.replaceAll(/(..)(?=.)/g, `$1${sign}`)),
        hex.replaceAll(/(..)(?=.)/g, '$1:').toUpperCase(),
        hex.replaceAll(/(.{8})(?=.)/g, '$1-'),
        randomLike(seed, 64).toString('base64').replace(/.{64}/, '$&\n'),
      ]) {
        const weakness = judged(secret);
        if (weakness !== null) refused.push(`${secret} ${weakness}`);
      }
    }
    expect(refused).toEqual([]);
  });
});

function inBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
function hashed(algorithm: string, text: string, encoding: 'hex' | 'base64' | 'base64url'): string {
  return createHash(algorithm).update(text).digest(encoding);
}
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
function sha1(text: string): string {
  return createHash('sha1').update(text).digest('hex');
}
