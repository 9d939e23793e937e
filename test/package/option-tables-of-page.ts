import { readFileSync, writeFileSync } from 'node:fs';
import { extrasAmongOptions, optionsOfFactory } from '../../src/module-options-schema.js';
import { declaredOptions } from './declared-options.js';
import { code, Markdown } from './markdown.js';
import { asTable, optionRows, type OptionRow } from './option-table.js';

/** The tables of docs/reference/options.md. */
export const TABLES = [
  {
    heading: '## What useFactory returns',
    declared: declaredOptions('AuthModuleOptions'),
    schema: optionsOfFactory,
  },
  {
    heading: '## Beside useFactory',
    declared: declaredOptions('AuthModuleExtras'),
    schema: extrasAmongOptions,
  },
];

export function readRows(page: Markdown, heading: string): OptionRow[] {
  return page.tableUnder(heading).map(([option, type, standard, accepts, meaning]) => ({
    path: code(option!)[0]!,
    type: type!,
    standard: standard!,
    accepts: accepts!,
    meaning: meaning!,
  }));
}

/** Brings the tables up to date; the words that are in them stay. */
export function writeTables(file: string): void {
  const url = new URL(`../../${file}`, import.meta.url);
  for (const { heading, declared, schema } of TABLES) {
    const page = new Markdown(file);
    const words = new Map(readRows(page, heading).map((row) => [row.path, row]));
    const section = page.section(heading);
    const table = asTable(optionRows(schema, declared, words));
    const written = section.replace(/(?:^\|.*\n)+/m, () => table);
    writeFileSync(
      url,
      readFileSync(url, 'utf8').replace(section, () => written),
    );
  }
}
