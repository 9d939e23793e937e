import * as v from 'valibot';

/** One option of a schema. */
export interface KnownOption {
  /** As an app reaches it, lists left out: `cookies.previous.name`. */
  path: string;
  isRequired: boolean;
  /** What is in effect where it is left out, as an app would write it; undefined where nothing is, or it depends on another. */
  standard: unknown;
  schema: v.GenericSchema;
}

/** Whatever of a schema leads to further ones. */
interface Leading {
  type: string;
  wrapped?: v.GenericSchema;
  default?: unknown;
  item?: v.GenericSchema;
  entries?: v.ObjectEntries;
  options?: readonly v.GenericSchema[];
  pipe?: readonly { kind: string }[];
}

/** Every option that a schema knows, to the last leaf. */
export function knownOptions(schema: v.GenericSchema, prefix = ''): KnownOption[] {
  const all = new Map<string, KnownOption>();
  for (const [name, entry] of entriesOf(schema)) {
    const { type, default: standard, wrapped = entry } = entry as Leading;
    const path = prefix + name;
    const known = { path, isRequired: type !== 'exact_optional', standard, schema: wrapped };
    for (const each of [known, ...knownOptions(wrapped, `${path}.`)]) {
      if (!all.has(each.path)) all.set(each.path, each);
    }
  }
  return [...all.values()];
}

/** The members of the objects that may be given. */
function entriesOf(schema: v.GenericSchema): (readonly [string, v.GenericSchema])[] {
  const { type, entries, item, options, pipe = [] } = schema as Leading;
  const further = pipe.filter((each) => each.kind === 'schema' && each !== schema);
  const inside = [
    ...(type === 'strict_object' ? Object.entries(entries!) : []),
    ...(item === undefined ? [] : entriesOf(item)),
  ];
  const others = type === 'lazy' ? (options ?? []) : [];
  return [
    ...(inside as (readonly [string, v.GenericSchema])[]),
    ...[...others, ...(further as v.GenericSchema[])].flatMap(entriesOf),
  ];
}
