import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import {
  extrasOfForRoot,
  optionsOfForRoot,
  optionsOfForRootAsync,
  partsOfForRootAsync,
} from '../../../src/checked-options.js';
import { AuthConfigurationError } from '../../../src/errors/configuration-error.js';
import {
  extrasAmongOptions,
  factoryWithExtras,
  optionsOfFactory,
} from '../../../src/module-options-schema.js';
import { knownOptions } from '../../../src/options/known-options.js';
import {
  formsInsideExtras,
  formsOfExtras,
  formsOfOptions,
  good,
  nameOf,
  withOption,
} from './option-forms.js';

const options = knownOptions(optionsOfFactory);
const extras = knownOptions(extrasAmongOptions);
const paths = options.map(({ path }) => path);

/** The sentence that stops the boot, or that it goes on. */
function sentence(boot: () => unknown): string {
  try {
    boot();
    return 'It boots.';
  } catch (error) {
    if (!(error instanceof AuthConfigurationError)) throw error;
    return error.message.replace('nestjs-refresh-auth: ', '');
  }
}

/** Options are read in the same way wherever they come from. */
const sentences = (given: unknown) => [
  sentence(() => optionsOfForRoot(given)),
  sentence(() => optionsOfForRootAsync(given)),
];

const useFactory = () => good();

/** The same name with one letter dropped, doubled, swapped with the next, in the other case, or another. */
function misspelt(name: string): string[] {
  const letters = [...name];
  const all = letters.flatMap((letter, i) => {
    const [before, after] = [name.slice(0, i), name.slice(i + 1)];
    const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
    const swapped = before + after.slice(0, 1) + letter + after.slice(1);
    return [
      before + after,
      before + letter + letter + after,
      swapped,
      before + other + after,
      `${before}q${after}`,
    ];
  });
  return [...new Set(all)].filter((each) => each !== name);
}

/** The place in the sentence, in a list or not. */
const withoutPlaces = (text: string) => text.replaceAll(/\[\d+\]/g, '');

describe('every option that the schema knows', () => {
  it('has its forms in this test', () => {
    expect(Object.keys(formsOfOptions).toSorted()).toEqual(paths.toSorted());
    expect(Object.keys({ ...formsOfExtras, ...formsInsideExtras }).toSorted()).toEqual(
      extras.map(({ path }) => path).toSorted(),
    );
    expect(paths.length).toBeGreaterThan(60);
  });

  it.each(Object.entries(formsOfOptions))('boots in each form: %s', (path, forms) => {
    for (const form of forms) {
      expect(sentences(withOption(path, form))).toEqual(['It boots.', 'It boots.']);
    }
  });

  it('boots together with the others', () => {
    const apart = /^(accessToken|refreshToken)(\.(secret|keys)|$)|^cookies\.previous\./;
    const leaves = Object.entries(formsOfOptions).filter(([path]) => !apart.test(path));
    const chosen = fc.record(
      Object.fromEntries(leaves.map(([path, forms]) => [path, fc.constantFrom(...forms)])),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(chosen, (values) => {
        const all = good() as Record<string, unknown>;
        // The longer paths come later, and replace what can have no members.
        for (const path of Object.keys(values).toSorted((a, b) => a.length - b.length)) {
          put(all, path.split('.'), values[path]);
        }
        expect(sentences(all)).toEqual(['It boots.', 'It boots.']);
      }),
      { numRuns: 200 },
    );
  });

  it.each(paths)('is refused with one letter wrong, and named: %s', (path) => {
    for (const name of misspelt(nameOf(path))) {
      const refusal = `${parentOf(path)}${name} is not an option. Did you mean ${path}?`;
      expect(sentences(withOption(path, undefined, name)).map(withoutPlaces)).toEqual([
        refusal,
        refusal,
      ]);
    }
  });

  it.each(paths)('is refused as null: %s', (path) => {
    for (const refusal of sentences(withOption(path, null))) {
      expect(withoutPlaces(refusal)).toMatch(
        new RegExp(`^${path.replaceAll('.', '\\.')} (must|is|has) `),
      );
    }
  });

  it.each(options.filter(({ isRequired }) => !isRequired).map(({ path }) => path))(
    'is as if it were not there when it is undefined: %s',
    (path) => {
      const [form] = formsOfOptions[path]!;
      const [boots] = sentences(withOption(path, form));
      const [without] = sentences(withOption(path, undefined));
      // Of two members of which one is needed, the sentence is about the one that is missing.
      expect(without === boots || without!.includes('is missing')).toBe(true);
    },
  );

  it.each(paths)('is refused as a promise of what it may be: %s', (path) => {
    for (const refusal of sentences(withOption(path, Promise.resolve(formsOfOptions[path]![0])))) {
      expect(withoutPlaces(refusal)).toMatch(new RegExp(`^${path.replaceAll('.', '\\.')} must `));
    }
  });
});

describe('every option that is true or false', () => {
  const flags = options.filter(({ schema }) => [true, false].every((value) => v.is(schema, value)));

  it('is refused as a text, which would be true whatever it says', () => {
    expect(flags.map(({ path }) => path)).toContain('revocation.failClosed');
    for (const { path } of flags) {
      for (const text of ['true', 'false', '', '0']) {
        const [refusal] = sentences(withOption(path, text));
        expect(refusal).toMatch(new RegExp(`^${path} must be true(,| or) false`));
      }
    }
  });
});

describe('every option that stands beside useFactory', () => {
  const known = [...new Set(knownOptions(factoryWithExtras).map(({ path }) => path))];

  it('boots in each form', () => {
    for (const [name, forms] of Object.entries(formsOfExtras)) {
      for (const form of forms) {
        const beside = partsOfForRootAsync({ useFactory, [name]: form }).extras;
        const within = extrasOfForRoot({ ...good(), [name]: form });
        expect([beside, within]).toEqual([within, expect.objectContaining({ [name]: form })]);
      }
    }
  });

  const outer = known.filter((path) => !path.includes('.'));
  it.each(outer)('is refused with one letter wrong, and named: %s', (path) => {
    for (const name of misspelt(path)) {
      const refusal = `${name} is not an option. Did you mean ${path}?`;
      expect(sentence(() => partsOfForRootAsync({ useFactory, [name]: 1 }))).toBe(refusal);
    }
  });

  it.each(Object.entries(formsInsideExtras))('has members that are checked: %s', (path, forms) => {
    const [name, member] = path.split('.') as [string, string];
    const beside = (given: object) =>
      sentence(() => partsOfForRootAsync({ useFactory, [name]: given }));
    for (const form of forms) expect(beside({ [member]: form })).toBe('It boots.');
    for (const wrong of misspelt(member)) {
      const refusal = `${name}.${wrong} is not an option. Did you mean ${path}?`;
      expect(beside({ ...(member === 'schema' && { schema: forms[0] }), [wrong]: 1 })).toBe(
        refusal,
      );
    }
    for (const wrong of [null, 7, true, Promise.resolve(forms[0])]) {
      expect(beside({ [member]: wrong })).toMatch(new RegExp(`^${path} must be`));
    }
  });

  it.each(Object.keys(formsOfExtras))('is refused in what the factory returns: %s', (name) => {
    const refusal = `${name} belongs beside useFactory, not in what it returns.`;
    expect(sentence(() => optionsOfForRootAsync({ ...good(), [name]: true }))).toBe(refusal);
    for (const wrong of misspelt(name)) {
      const [within, returned] = sentences({ ...good(), [wrong]: true });
      expect(within).toBe(`${wrong} is not an option. Did you mean ${name}?`);
      expect(returned).toMatch(
        `${wrong} is not an option. Did you mean ${name}? It belongs beside useFactory`,
      );
    }
  });

  it.each(Object.keys(formsOfExtras))('is refused as null: %s', (name) => {
    const refusal = new RegExp(`^${name} must be .* not null: leave it out for the default`);
    expect(sentence(() => partsOfForRootAsync({ useFactory, [name]: null }))).toMatch(refusal);
    expect(sentence(() => extrasOfForRoot({ ...good(), [name]: null } as object))).toMatch(refusal);
  });
});

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('.') + 1);
}

function put(all: Record<string, unknown>, [name, ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    all[name!] = value;
    return;
  }
  const inside = all[name!];
  const isPlain =
    Object.getPrototypeOf(Object(inside)) === Object.prototype && typeof inside === 'object';
  all[name!] = isPlain ? { ...inside } : {};
  put(all[name!] as Record<string, unknown>, rest, value);
}
