import { describe, expect, it } from '@jest/globals';
import * as library from '../../src/index.js';
import { PORTS } from '../../src/checked-ports.js';
import { writeTypes } from './write-types.js';
import { documents } from './documents.js';
import { code, Markdown, tablesIn } from './markdown.js';
import { declaredIn, PublicApi, type Field } from './public-api.js';

const api = new PublicApi();
// UPDATE_REFERENCE=1 copies the types from the code; write the tables by hand. Run Prettier after it.
if (process.env.UPDATE_REFERENCE) writeTypes(api);
const pages = documents
  .filter(({ file }) => file.startsWith('docs/reference/'))
  .map(({ file }) => new Markdown(file));
const page = (name: string) => pages.find(({ file }) => file === `docs/reference/${name}.md`)!;

/** The rows of all tables of a text whose first column has this name. */
function rowsOf(text: string, column: string): string[][] {
  return tablesIn(text)
    .filter(([head]) => head![0] === column)
    .flatMap((table) => table.slice(1));
}

/** Which pages are of which entry point; every other is of the main one. */
const ofItsOwn = { 'src/client/index.ts': page('client'), 'src/testing/index.ts': page('testing') };

describe.each([
  { entry: 'src/index.ts', of: pages.filter((each) => !Object.values(ofItsOwn).includes(each)) },
  ...Object.entries(ofItsOwn).map(([entry, each]) => ({ entry, of: [each] })),
])('docs/reference/ on $entry', ({ entry, of }) => {
  const text = of.map((each) => each.text).join('\n');
  const declared = new Map(
    of
      .flatMap((each) => each.codeBlocks('ts'))
      .flatMap((block) => declaredIn(block).map((name) => [name, block] as const)),
  );
  const inTables = rowsOf(text, 'export').flatMap(([names]) => code(names!));

  it('has every name that is exported, once, and no other', () => {
    const own = of.includes(page('service')) ? ['AuthService'] : [];
    const documented = [...declared.keys(), ...inTables, ...own];
    expect(documented.toSorted()).toEqual(api.exportsOf(entry).toSorted());
    expect(documented.length).toBeGreaterThan(5);
  });

  it('shows types as they are declared, with their comments', () => {
    const documented = [...declared].map(([name, block]) => [name, inOneLine(block)]);
    const inCode = [...declared.keys()].map((name) => [
      name,
      inOneLine(api.typeDeclaration(entry, name) ?? 'no type'),
    ]);
    expect(Object.fromEntries(documented)).toEqual(Object.fromEntries(inCode));
  });

  it('names every reachable member of a class', () => {
    const prose = text.replaceAll(/^```[^]*?^```$/gm, '');
    const named = new Set(code(prose).flatMap((each) => words(each)));
    const missing = api
      .classesOf(entry)
      .flatMap(({ name, members }) => members.map((member) => [name, member] as const))
      .filter(([, member]) => !named.has(member));
    expect(missing).toEqual([]);
  });
});

describe('docs/reference/service.md', () => {
  const { text } = page('service');
  const rows = rowsOf(text, 'method');
  const methods = api.methodsOf('src/index.ts', 'AuthService');

  it('has every method, with its arguments and its result', () => {
    const documented = rows.map(([call, result]) => `${code(call!)[0]} → ${code(result!)[0]}`);
    expect(documented).toEqual(methods.map(({ call, result }) => `${call} → ${result}`));
    expect(documented.length).toBeGreaterThan(10);
  });

  it('has the error codes that each method throws', () => {
    const documented = rows.map(([call, , codes]) => [code(call!)[0], code(codes!).toSorted()]);
    expect(documented).toEqual(
      methods.map(({ call, codes }) => [call, [...new Set(codes)].toSorted()]),
    );
  });

  it('describes every method', () => {
    const lines = text.split('\n');
    const listed = lines.filter((line) => line.startsWith('- ')).flatMap((line) => code(line));
    for (const { call } of methods) expect(listed).toContain(call.split('(', 1)[0]);
  });
});

describe('docs/reference/ports.md', () => {
  const rows = rowsOf(page('ports').text, 'export').map(([token, type, , option]) => ({
    token: code(token!)[0]!,
    type: code(type!)[0]!,
    option: code(option!)[0],
  }));

  it('has every port: its token, and the option that sets it otherwise', () => {
    const exported = Object.entries(library).filter(([, value]) =>
      String(value).startsWith('nestjs-refresh-auth:'),
    );
    const names = new Map(exported.map(([name, value]) => [value, name]));
    const inCode = PORTS.map(([option, token]) => ({
      token: names.get(token),
      // Not an object of the app’s: it says which of two factories is meant.
      option: option === 'limiter' ? 'limits.store' : option,
    }));
    expect(rows.map(({ token, option }) => ({ token, option }))).toEqual(inCode);
    expect(exported.map(([name]) => name).toSorted()).toEqual(
      inCode.map(({ token }) => token).toSorted(),
    );
  });

  it('has the type that the token’s comment names, which is exported', () => {
    const types = api.exportsOf('src/index.ts');
    for (const { token, type } of rows) {
      expect(api.commentOf('src/index.ts', token)).toContain(`{@link ${type}}`);
      expect(types).toContain(type);
    }
  });
});

describe('docs/reference/events.md', () => {
  const { text } = page('events');
  const events = api.variantsOf('src/index.ts', 'AuthEvent');

  it('has every event with its fields', () => {
    const documented = rowsOf(text, 'event').map(([event, fields]) => [
      code(event!)[0],
      code(fields!),
    ]);
    const inCode = [...events].map(([type, fields]) => [
      type,
      fields.filter(({ name }) => name !== 'at').map(asWritten),
    ]);
    expect(documented).toEqual(inCode);
    expect(documented.length).toBeGreaterThan(8);
  });

  it('explains when each event is emitted', () => {
    const listed = rowsOf(text, 'events').flatMap(([types]) => code(types!));
    expect(listed.toSorted()).toEqual([...events.keys()].toSorted());
  });

  it('explains every field of an event', () => {
    const documented = rowsOf(text, 'field').flatMap(([field]) => code(field!));
    const inCode = [...events.values()].flat().map(({ name }) => name);
    expect(documented.toSorted()).toEqual([...new Set(inCode)].toSorted());
  });

  it('explains every reason of a revocation', () => {
    const documented = rowsOf(text, 'reason').flatMap(([reason]) => code(reason!));
    const declared = api.typeDeclaration('src/index.ts', 'RevocationReason')!;
    const reasons = [...declared.matchAll(/'(\w+)'/g)].map((match) => match[1]);
    expect(documented.toSorted()).toEqual(reasons.toSorted());
  });
});

function asWritten({ name, isOptional, type }: Field): string {
  return `${name}${isOptional ? '?' : ''}: ${type}`;
}

/** The declaration in one line, without the formatter's line breaks. */
function inOneLine(block: string): string {
  return block
    .trim()
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/([=:(]) \| /g, '$1 ')
    .replaceAll(/,? \)/g, ')')
    .replaceAll('( ', '(');
}

function words(text: string): string[] {
  return text.split(/[^\w]+/);
}
