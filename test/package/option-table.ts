import * as v from 'valibot';
import { knownOptions, type KnownOption } from '../../src/options/known-options.js';
import type { DeclaredOption } from './declared-options.js';

/** A row of the reference: what the code knows, and the words of the page. */
export interface OptionRow {
  path: string;
  type: string;
  standard: string;
  accepts: string;
  meaning: string;
}

/** What is inside of these has no row of its own. */
const INSIDE = /^(accessToken|refreshToken)\.(secret|keys)\.|^cookies\.previous\./;

/**
 * The table of a schema's options. What the schema and the declared types know comes from them: which options there are,
 * their types, defaults and accepted values. The words are taken over: what an option means, and a default that depends
 * on something else.
 */
export function optionRows(
  schema: v.GenericSchema,
  declared: readonly DeclaredOption[],
  words: ReadonlyMap<string, Pick<OptionRow, 'standard' | 'meaning'>>,
): OptionRow[] {
  const types = new Map(declared.map(({ path, type }) => [path, type]));
  const known = knownOptions(schema).filter(({ path }) => !INSIDE.test(path));
  return known
    .filter(
      ({ path }) => types.has(path) || !known.some((each) => each.path.startsWith(`${path}.`)),
    )
    .map((option) => ({
      path: option.path,
      type: `\`${types.get(option.path) ?? 'not declared'}\``,
      standard: standardOf(option) ?? words.get(option.path)?.standard ?? 'TODO',
      accepts: acceptedBy(option.schema) ?? '–',
      meaning: words.get(option.path)?.meaning ?? 'TODO',
    }));
}

/** As the lines of a page, unaligned. */
export function asTable(rows: readonly OptionRow[]): string {
  const cells = rows.map(({ path, type, standard, accepts, meaning }) =>
    [`\`${path}\``, type, standard, accepts, meaning].map((cell) => cell.replaceAll('|', '\\|')),
  );
  return [
    ['option', 'type', 'default', 'accepts', 'meaning'],
    ['---', '---', '---', '---', '---'],
    ...cells,
  ]
    .map((line) => `| ${line.join(' | ')} |\n`)
    .join('');
}

/** Null where the schema has none, or one that is no value to write. */
function standardOf({ isRequired, standard }: KnownOption): string | null {
  if (isRequired) return 'required';
  if (typeof standard === 'string') return `\`'${standard}'\``;
  if (typeof standard === 'number' || typeof standard === 'boolean') return `\`${standard}\``;
  return null;
}

function acceptedBy(schema: v.GenericSchema): string | null {
  const own = v.getDescription(schema);
  if (own !== undefined) return own;
  const { options = [] } = schema as { options?: readonly v.GenericSchema[] };
  const each = options.map((option) => v.getDescription(option) ?? null);
  const [off, other] = [each.includes('false'), each.find((text) => text !== 'false')];
  return off && other ? `${other}, or false` : null;
}
