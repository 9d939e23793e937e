import { hash } from 'node:crypto';
import { COMMON_WORDS } from './common-words.js';

/** A way to make a hash of a text, and how many bytes it has. */
interface Way {
  bytes: number;
  of: (text: string) => string;
  /** Of all texts, or of the most frequent ones. */
  texts: 'all' | 'few';
}

const plain = (algorithm: string) => (text: string) => hash(algorithm, text, 'hex');
const twice = (first: string, second: string) => (text: string) =>
  hash(second, hash(first, text, 'hex'), 'hex');

/** Per length of the secret in bytes: the hashes that it may be, or may begin with. */
const WAYS: Readonly<Record<number, readonly Way[]>> = {
  32: [
    { bytes: 32, of: plain('sha256'), texts: 'all' },
    { bytes: 32, of: plain('sha3-256'), texts: 'few' },
    { bytes: 32, of: plain('sha512-256'), texts: 'few' },
    { bytes: 32, of: twice('sha256', 'sha256'), texts: 'few' },
    { bytes: 32, of: twice('md5', 'sha256'), texts: 'few' },
    { bytes: 16, of: plain('md5'), texts: 'few' },
    { bytes: 20, of: plain('sha1'), texts: 'few' },
  ],
  40: [{ bytes: 20, of: plain('sha1'), texts: 'few' }],
  48: [
    { bytes: 48, of: plain('sha384'), texts: 'all' },
    { bytes: 16, of: plain('md5'), texts: 'few' },
  ],
  64: [
    { bytes: 64, of: plain('sha512'), texts: 'all' },
    { bytes: 64, of: plain('sha3-512'), texts: 'few' },
    { bytes: 64, of: twice('sha512', 'sha512'), texts: 'few' },
    { bytes: 32, of: plain('sha256'), texts: 'few' },
  ],
};

/** How many hexadecimal digits of a hash are compared. A random secret begins like one of them once in 10^15. */
const COMPARED = 16;

/** How many of the most frequent words are hashed: unchanged, in capitals, with a line end, with an ending, in pairs. */
const PLAIN = 400;
const WITH_CAPITALS = 100;
const WITH_LINE_END = 50;
const WITH_ENDINGS = 20;
const IN_PAIRS = 10;
const BETWEEN = ['', ' ', '-', '_'];
const ENDINGS = ['1', '123', '1234', '!', '2024', '2025'];
const ROW = '1234567890';
const USES = ['access', 'refresh', 'jwt', 'my', 'super', 'auth'];
const KINDS = ['token', 'secret'];
const SENTENCES = [
  '',
  'changeme',
  'change-me',
  'change_me',
  'hello world',
  'Hello World',
  'Hello, World!',
  'correct horse battery staple',
  'The quick brown fox jumps over the lazy dog',
];

const known = new Map<string, ReadonlySet<string>>();

/**
 * Whether a secret is the hash of a word, as `echo secret | sha256sum` makes it, or several hashes in a row. It looks
 * random, but isn't.
 */
export function isHashedWord(bytes: Buffer): boolean {
  const ways = WAYS[bytes.length] ?? [];
  const begin = bytes.toString('hex').slice(0, COMPARED);
  return ways.some((way, i) => hashesOf(way, `${bytes.length}/${i}`).has(begin));
}

function hashesOf({ of, texts }: Way, name: string): ReadonlySet<string> {
  const hashes =
    known.get(name) ??
    new Set(
      [...(texts === 'all' ? allTexts() : fewTexts())].map((text) => of(text).slice(0, COMPARED)),
    );
  known.set(name, hashes);
  return hashes;
}

/** The most frequent words, as they are and with the line end that a shell adds. */
function* fewTexts(): Generator<string> {
  for (const text of SENTENCES) yield* [text, `${text}\n`];
  for (let end = 1; end <= ROW.length; end += 1) yield ROW.slice(0, end);
  for (const word of COMMON_WORDS.slice(0, WITH_LINE_END)) yield* [word, `${word}\n`];
}

function* allTexts(): Generator<string> {
  yield* fewTexts();
  for (const text of COMMON_WORDS.slice(0, WITH_ENDINGS)) yield `${text}\r\n`;
  yield* COMMON_WORDS.slice(WITH_LINE_END, PLAIN);
  for (const word of COMMON_WORDS.slice(0, WITH_CAPITALS))
    yield* [capital(word), word.toUpperCase()];
  const first = COMMON_WORDS.slice(0, IN_PAIRS);
  for (const word of [...COMMON_WORDS.slice(0, WITH_ENDINGS), 'supersecret']) {
    for (const ending of ENDINGS) yield* [word + ending, capital(word) + ending];
  }
  yield* ENDINGS.map((ending) => `SuperSecret${ending}`);
  for (const between of BETWEEN) {
    for (const one of first) for (const other of first) yield one + between + other;
    for (const use of USES) {
      for (const kind of KINDS) {
        for (const last of ['secret', 'key']) yield [use, kind, last].join(between);
      }
    }
  }
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
