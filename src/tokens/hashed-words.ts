import { hash } from 'node:crypto';
import { COMMON_WORDS } from './common-words.js';

/** By how many bytes they have. Shorter hashes are refused for that. */
const ALGORITHMS: Readonly<Record<number, string>> = { 32: 'sha256', 48: 'sha384', 64: 'sha512' };

/** Of each hash so many hexadecimal digits are compared: a random secret begins like one of them once in 10^15. */
const COMPARED = 16;

/** How many of the words, the most frequent, are hashed with capitals too, in pairs, and before an ending. */
const WITH_CAPITALS = 400;
const IN_PAIRS = 24;
const WITH_ENDINGS = 60;
const BETWEEN = ['', ' ', '-', '_'];
const ENDINGS = ['1', '123', '1234', '!'];
const ROW = '1234567890';
const SENTENCES = [
  '',
  'hello world',
  'Hello World',
  'Hello, World!',
  'correct horse battery staple',
  'The quick brown fox jumps over the lazy dog',
];

const known = new Map<string, ReadonlySet<string>>();

/** Whether somebody hashed a word, as `echo -n secret | sha256sum` does, and took that for a random secret. */
export function isHashedWord(bytes: Buffer): boolean {
  const algorithm = ALGORITHMS[bytes.length];
  if (algorithm === undefined) return false;
  const hashes =
    known.get(algorithm) ??
    new Set([...hashedTexts()].map((text) => hash(algorithm, text, 'hex').slice(0, COMPARED)));
  known.set(algorithm, hashes);
  return hashes.has(bytes.toString('hex').slice(0, COMPARED));
}

function* hashedTexts(): Generator<string> {
  yield* SENTENCES;
  for (let end = 1; end <= ROW.length; end += 1) yield ROW.slice(0, end);
  yield* COMMON_WORDS;
  for (const word of COMMON_WORDS.slice(0, WITH_CAPITALS))
    yield* [capital(word), word.toUpperCase()];
  for (const word of COMMON_WORDS.slice(0, WITH_ENDINGS)) {
    for (const ending of ENDINGS) yield* [word + ending, capital(word) + ending];
  }
  const first = COMMON_WORDS.slice(0, IN_PAIRS);
  for (const one of first) {
    for (const between of BETWEEN) for (const other of first) yield one + between + other;
  }
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
