import { instances } from './instances.js';
import { lockedInMemory } from './locked-in-memory.js';
import { edited, type Mutants } from './mutated-memory-store.js';
import { turn } from './pauses.js';

const keep = 'this.#keptTime = moment;';
const forget = 'this.#devicesForgottenAt = Math.max(now, this.#devicesForgottenAt ?? now);';
const returnMoment = 'return this.#keptTime;';

export const keptTimeMutants: Mutants = {
  'keepTime: Replaces the stored moment, whether that was earlier or later.': {
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
    'returns undefined if none was kept': edited(
      returnMoment,
      `${returnMoment.slice(0, -1)} ?? undefined;`,
    ),
    'keeps whole seconds': edited(keep, 'this.#keptTime = moment - (moment % 1000);'),
    'returns it only once': edited(
      returnMoment,
      `try { ${returnMoment} } finally { this.#keptTime = null; }`,
    ),
    'remembers what it kept itself': instances((right) => {
      let kept: number | null = null;
      return {
        keepTime: async (moment) => right.keepTime!((kept = moment)),
        keptTime: async () => kept ?? right.keptTime!(),
      };
    }),
  },
  'keptTime: Returns the moment that `keepTime` received last, whatever happened to the sessions since.':
    {
      'returns none': edited(returnMoment, 'return null;'),
      'forgets it with the devices': edited(forget, `${forget} this.#keptTime = null;`),
      'moves it with the devices': edited(
        forget,
        `${forget} this.#keptTime = Math.max(now, this.#keptTime ?? now);`,
      ),
      'writes it back with the devices': edited(
        forget,
        `const kept = this.#keptTime; ${turn} ${forget} this.#keptTime = kept;`,
      ),
      'writes it back with the devices, with a lock in memory': lockedInMemory(
        forget,
        `const kept = this.#keptTime; ${turn} ${forget} this.#keptTime = kept;`,
      ),
      'writes the devices back with it, with a lock in memory': lockedInMemory(
        keep,
        `const devices = this.#devicesForgottenAt; ${turn} ${keep} this.#devicesForgottenAt = devices;`,
      ),
      'returns the latest login': edited(
        returnMoment,
        'return Math.max(this.#keptTime, ...[...this.#rows.values()].map((row) => row.createdAt));',
      ),
      'returns the latest revocation': edited(
        returnMoment,
        'return Math.max(this.#keptTime, ...[...this.#rows.values()].map((row) => row.revokedAt ?? 0));',
      ),
      'forgets it when it makes room': edited(
        'for (const { id } of slice) this.#rows.delete(id);',
        'for (const { id } of slice) this.#rows.delete(id); this.#keptTime = null;',
      ),
    },
};
