import { randomInt } from 'node:crypto';
import { fresh } from './sample-sessions.js';

/** Ids that a careless comparison treats as equal to a session's. */
export function lookAlikesOf(id: string): string[] {
  const [first, last] = [id.slice(0, 1), id.slice(-1)];
  return [
    id.toUpperCase(),
    id.slice(0, -1),
    id.slice(1),
    `${id}0`,
    `0${id}`,
    ` ${id}`,
    `${id} `,
    `${first}%`,
    `%${last}`,
    `${id.slice(0, -1)}_`,
  ].filter((other) => other !== id);
}

/** Ids of different users, in groups that a careless comparison treats as one. */
export function lookAlikeUserIds(): string[][] {
  // Contains at least one letter, and can't be read as a number with an exponent.
  const tag = `u${fresh().slice(0, 16)}`;
  const digits = String(randomInt(1_000_000_000, 9_999_999_999));
  const fullwidth = digits.replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit)));
  const long = 'é'.repeat(254 - tag.length);
  return [
    [digits, `0${digits}`, `${digits}.0`, `+${digits}`, `${digits}e0`, fullwidth],
    [
      `${tag}ab`,
      `${tag}AB`,
      `${tag.toUpperCase()}ab`,
      `${tag}\u00E1b`,
      `${tag}a\u0301b`,
      `${tag}\uFF41b`,
    ],
    [
      `${tag}x`,
      `${tag}x\u200D`,
      `${tag} x`,
      `${tag}  x`,
      ` ${tag}x`,
      `${tag}x `,
      `${tag}x\u00A0`,
      `${tag}xx`,
      `${tag}%`,
      `${tag}_`,
      `${tag}\\`,
      `${tag}'`,
      `${tag}`,
    ],
    [`${tag}ß`, `${tag}ss`, `${tag}ẞ`, `${tag}SS`],
    [`${tag}i`, `${tag}ı`, `${tag}İ`, `${tag}I`],
    [`${tag}${long}a`, `${tag}${long}b`, `${tag}${long}A`],
    ['__proto__', 'constructor', 'null', 'undefined', 'everything'],
  ];
}
