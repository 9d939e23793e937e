import { describe } from '@jest/globals';

/** `describe.each` for databases. It refuses an empty list, so without any database the tests are skipped. */
export function describeOnEach<Kind extends { name: string }>(kinds: readonly Kind[]) {
  if (kinds.length > 0) return describe.each(kinds);
  return describe.skip.each([{ name: 'a database server' } as Kind]);
}
