import * as v from 'valibot';

/**
 * One of several schemas, chosen by a first sight of the input, so that a sentence is about the one that was meant. (A
 * union tries them all, and says what is wrong with each.)
 */
export const chosen = <const S extends readonly v.GenericSchema[]>(
  options: S,
  choose: (input: unknown, options: S) => S[number],
) =>
  Object.assign(
    v.lazy((input): S[number] => choose(input, options)),
    { options },
  );

/** False, which comes out as null, or what the schema says. */
export const orFalse = <S extends v.GenericSchema>(schema: S) =>
  chosen([off, schema], (input) => (input === false ? off : schema));

const off = v.pipe(
  v.literal(false),
  v.transform(() => null),
  v.description('false'),
);

/** One, or a list of them; a list comes out. */
export const oneOrSeveral = <S extends v.GenericSchema>(item: S, missing: string) => {
  const one = v.pipe(
    item,
    v.transform((value): readonly v.InferOutput<S>[] => [value]),
  );
  const several = v.pipe(
    v.array(item),
    v.check((list) => list.length > 0, missing),
    v.transform((list): readonly v.InferOutput<S>[] => list),
  );
  return chosen([one, several], (input) => (Array.isArray(input) ? several : one));
};
