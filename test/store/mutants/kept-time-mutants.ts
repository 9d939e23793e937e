import { instances } from './instances.js';
import { edited, type Mutants } from './mutated-memory-store.js';

const keep = 'this.#keptTime = moment;';
const tell = 'return this.#keptTime;';

export const keptTimeMutants: Mutants = {
  'keepTime: Replaces the moment that was kept before, be it earlier or later.': {
    'keeps nothing': edited(keep, ''),
    'keeps the first': edited(keep, 'this.#keptTime ??= moment;'),
    'keeps the latest': edited(
      keep,
      'this.#keptTime = Math.max(moment, this.#keptTime ?? moment);',
    ),
    'keeps the earliest': edited(
      keep,
      'this.#keptTime = Math.min(moment, this.#keptTime ?? moment);',
    ),
    'keeps whole seconds': edited(keep, 'this.#keptTime = moment - (moment % 1000);'),
    'tells it once': edited(tell, `try { ${tell} } finally { this.#keptTime = null; }`),
    'remembers what it kept itself': instances((right) => {
      let kept: number | null = null;
      return {
        keepTime: async (moment) => right.keepTime!((kept = moment)),
        keptTime: async () => kept ?? right.keptTime!(),
      };
    }),
  },
  'keptTime: Returns the moment that `keepTime` was given last, whatever happened to the sessions since.':
    {
      'tells of none': edited(tell, 'return null;'),
      'tells the latest login': edited(
        tell,
        'return Math.max(this.#keptTime, ...[...this.#rows.values()].map((row) => row.createdAt));',
      ),
      'tells the latest revocation': edited(
        tell,
        'return Math.max(this.#keptTime, ...[...this.#rows.values()].map((row) => row.revokedAt ?? 0));',
      ),
      'forgets it when it makes room': edited(
        'for (const { id } of slice) this.#rows.delete(id);',
        'for (const { id } of slice) this.#rows.delete(id); this.#keptTime = null;',
      ),
    },
};
