import { describe } from '@jest/globals';

/** `describe.each`, which refuses an empty list: where the machine has none of the databases the stories are skipped. */
export function describeOnEach<Kind extends { name: string }>(kinds: readonly Kind[]) {
  if (kinds.length > 0) return describe.each(kinds);
  return describe.skip.each([{ name: 'a database server' } as Kind]);
}
