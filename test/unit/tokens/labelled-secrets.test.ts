import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { weaknessOf } from '../../../src/tokens/secret-weakness.js';
import { SEEDS } from './seeds.js';

const judged = (secret: string) => weaknessOf(Buffer.from(secret), 'HS256', 32);

/** Bytes that look random and are the same each time. */
const randomLike = (seed: number) => createHash('sha512').update(`label/${seed}`).digest();

const LABELS: [string, (random: string) => string][] = [
  ['an environment', (random) => `prod_${random}`],
  ['a name with dashes', (random) => `my-company-production-access-token-secret-${random}`],
  ['a version', (random) => `v1:${random}`],
  ['a kind of encoding', (random) => `base64:${random}`],
  ['a line of .env', (random) => `ACCESS_TOKEN_SECRET=${random}`],
  ['a year at the end', (random) => `${random}-2024`],
  ['a name around it', (random) => `shop.example.com/${random}/access`],
  ['words before it', (random) => `this is the secret of our shop: ${random}`],
  ['letters alone', (random) => `prod${random}`],
];
const ENCODINGS: [string, (bytes: Buffer) => string][] = [
  ['hexadecimal digits', (bytes) => bytes.toString('hex', 0, 32)],
  ['capital hexadecimal digits', (bytes) => bytes.toString('hex', 0, 32).toUpperCase()],
  ['base64', (bytes) => bytes.toString('base64', 0, 32)],
  ['base64 of 48 bytes', (bytes) => bytes.toString('base64', 0, 48)],
  ['base64url', (bytes) => bytes.toString('base64url', 0, 32)],
];

describe('a random secret with a label', () => {
  it.each(LABELS)('that is %s is as good as without', (_label, labelled) => {
    const refused: string[] = [];
    for (const [, encoded] of ENCODINGS) {
      for (let seed = 0; seed < SEEDS / 4; seed += 1) {
        const secret = labelled(encoded(randomLike(seed)));
        if (judged(secret) !== null) refused.push(secret);
      }
    }
    expect(refused).toEqual([]);
  });

  it('is weak all the same if the labelled part is', () => {
    const weak = [
      `prod_${createHash('sha256').update('secret').digest('hex')}`,
      'prod_09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7',
      `prod_${createHash('md5').update('secret').digest('hex')}`,
      'prod_0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef',
      'jwt-b3f1c2d4-5a6b-4c7d-8e9f-0a1b2c3d4e5f-b3f1c2d4-5a6b-4c7d-8e9f-0a1b2c3d4e5f',
      'ACCESS_TOKEN_SECRET=this-is-the-secret-of-our-little-shop-2024',
    ];
    expect(weak.filter((secret) => judged(secret) === null)).toEqual([]);
  });
});

describe('words drawn by a passphrase generator', () => {
  /** EFF's long list holds 12.9 bits a word, BIP 39's 11, a proquint 16. */
  const EFF =
    'unlivable reaffirm scallop dwindle plaza gratuity oxidant thimble mower catnip jubilant ' +
    'stucco phrasing wobble embargo crisping hatchet quilt rumor tidings';
  const BIP39 =
    'gravity machine north sort system female filter attitude volume fold club stay ' +
    'feature office ecology stable narrow fog rude oyster shrug vessel ankle brisk';
  const PROQUINTS =
    'lusab-babad-gutih-tugad-mudof-sakat-haguz-biram-mabiv-bibit-natag-lisaf-tibup-zujaz-kofip-pabod';

  it('are accepted from sixteen on, with any separator', () => {
    for (const words of [EFF, BIP39, PROQUINTS.replaceAll('-', ' ')]) {
      for (const between of [' ', '-', '_', '.']) {
        const secret = words.replaceAll(' ', between);
        expect([secret, judged(secret)]).toEqual([secret, null]);
      }
    }
    const capitals = EFF.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
    expect(judged(capitals)).toBeNull();
    expect(judged(capitals.replaceAll(' ', '-') + '7')).toBeNull();
  });

  it('are refused if they are fewer, repeated, in order, or sentences', () => {
    const words = EFF.split(' ');
    const weak = [
      words.slice(0, 15).join(' '),
      [...words.slice(0, 14), ...words.slice(0, 6)].join(' '),
      words.toSorted().join(' '),
      words.toSorted().toReversed().join(' '),
      'alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november oscar papa',
      'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october',
      'we hold these truths to be self evident that all men are created equal that they are endowed by their creator',
      'four score and seven years ago our fathers brought forth upon this continent a new nation conceived in liberty',
      'this secret should never have been shown your other people because they could change anything here without permission',
      'zwei drei vier fuenf sechs und noch ein paar andere worte mehr damit der satz hier lang genug wird',
    ];
    expect(weak.filter((secret) => judged(secret) === null)).toEqual([]);
  });
});
