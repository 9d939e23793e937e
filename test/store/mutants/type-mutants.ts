import type { SessionRow } from 'nestjs-refresh-auth';
import { but } from './instances.js';
import { edited, type Mutant, type Mutants } from './mutated-memory-store.js';

const rotates = 'Object.assign(row, next, { rotatedAt: now });';

/** As a driver reads it. */
const readAs = (change: (row: SessionRow) => object): Mutant =>
  but((right) => ({
    find: async (id) => {
      const row = await right.find(id);
      return row === null ? null : ({ ...row, ...change(row) } as SessionRow);
    },
  }));

export const typeMutants: Mutants = {
  'all methods: Every value comes back as the type that it was given as: a number as a number, a text as a text, null as null.':
    {
      'returns numbers as texts': readAs(({ expiresAt }) => ({ expiresAt: String(expiresAt) })),
      'returns a generation as a text': readAs(({ generation }) => ({
        generation: String(generation),
      })),
      'returns times as dates': readAs(({ createdAt }) => ({ createdAt: new Date(createdAt) })),
      'returns numbers as bigints': readAs(({ rotatedAt }) => ({ rotatedAt: BigInt(rotatedAt) })),
      'leaves out what is null': readAs(({ revokedAt }) => ({ revokedAt: revokedAt ?? undefined })),
      'returns undefined for no session': but((right) => ({
        find: async (id) => (await right.find(id)) ?? (undefined as unknown as null),
      })),
      'says 1 for true': edited(rotates, `${rotates} return 1;`),
      'returns a count as a text': edited('return ended.length;', 'return String(ended.length);'),
      'lists numbers as texts': edited(
        '.map((row) => ({ ...row }))',
        '.map((row) => ({ ...row, expiresAt: String(row.expiresAt) }))',
      ),
      'returns undefined for no kept time': edited(
        'return this.#keptTime;',
        'return this.#keptTime ?? undefined;',
      ),
      'returns the time since when devices are forgotten as a text': but((right) => ({
        devicesForgottenAt: async () =>
          String((await right.devicesForgottenAt!()) ?? 0) as unknown as number,
      })),
    },
};
