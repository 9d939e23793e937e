import { readFileSync, writeFileSync } from 'node:fs';
import { format, resolveConfig } from 'prettier';

const FILE = 'src/usernames/lookalike-letters.ts';

/** The scripts that src/usernames/scripts-of-a-name.ts allows in names, besides the ideographs. */
const SCRIPTS =
  'Latin Greek Cyrillic Armenian Georgian Hebrew Arabic Thaana Ethiopic Devanagari Bengali Gurmukhi Gujarati Oriya ' +
  'Tamil Telugu Kannada Malayalam Sinhala Thai Lao Tibetan Myanmar Khmer';

const [confusables, status] = process.argv.slice(2).map((file) => readFileSync(file, 'utf8'));
const version = confusables.match(/^# Version: (\d+)/m)[1];
const textOf = (codes) =>
  codes.replace(/ *([0-9A-F]+) */g, (_, hex) => String.fromCodePoint(parseInt(hex, 16)));
const prototypes = new Map(
  [...confusables.matchAll(/^([0-9A-F]+) *;\s*([0-9A-F ]+)/gm)].map(([, ...both]) =>
    both.map(textOf),
  ),
);
const allowed = [...status.matchAll(/^([0-9A-F]+)(?:\.\.([0-9A-F]+))? *; *Allowed/gm)].map(
  ([, first, last = first]) => [parseInt(first, 16), parseInt(last, 16)],
);

const pairs = SCRIPTS.split(' ').map((script) => [script, pairsOf(script)]);
const entries = pairs
  .map(([script, all]) => [script, all.filter(isAllowed)])
  .filter(([, kept]) => kept.length > 0)
  .map(([script, kept]) => `  ${script}: '${kept.join(' ')}',`);
const others = pairs.flatMap(([, all]) => all.filter((pair) => !isAllowed(pair)));
const source = `/** Letters and digits before what they pass for, of Unicode ${version}'s confusables: see test/lookalike-letters/. */
export const LOOKALIKE_LETTERS: Readonly<Record<string, string>> = {
${entries.join('\n')}
};

/** Those that UTS 39 doesn't allow in identifiers. */
export const UNUSED_LOOKALIKES = '${others.map(([letter]) => letter).join('')}';
`;
writeFileSync(FILE, await format(source, { ...(await resolveConfig(FILE)), filepath: FILE }));

/** Each letter or digit of a script with the small Latin letters that it looks like; Latin ligatures have none. */
function pairsOf(script) {
  const isOfScript = new RegExp(`^(?=[\\p{L}\\p{Nd}])\\p{Script=${script}}$`, 'u');
  return [...prototypes]
    .filter(
      ([letter]) =>
        letter > '\x7f' && isOfScript.test(letter) && letter === letter.normalize('NFKC'),
    )
    .map(([letter, prototype]) => [letter, prototype.normalize('NFD').toLowerCase()])
    .filter(([, latin]) => /^[a-z0-9]+$/.test(latin) && !(script === 'Latin' && latin.length > 1))
    .map((pair) => pair.join(''));
}

function isAllowed(pair) {
  const code = pair.codePointAt(0);
  return allowed.some(([first, last]) => first <= code && code <= last);
}
