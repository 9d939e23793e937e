import { instances } from './instances.js';
import { lockedInMemory } from './locked-in-memory.js';
import { edited, type Mutants } from './mutated-memory-store.js';
import { turn } from './pauses.js';

const keep = 'this.#devicesForgottenAt = Math.max(now, this.#devicesForgottenAt ?? now);';
const returnMoment = 'return this.#devicesForgottenAt;';
const keepTime = 'this.#keptTime = moment;';
const count = 'return ended.length;';
const check = 'if (this.#rows.has(session.id)) throw';
const loop = 'for (const { id } of slice) this.#rows.delete(id);';

export const forgetDevicesMutants: Mutants = {
  'forgetDevices: Is returned by `devicesForgottenAt` to every later caller.': {
    'keeps nothing': edited(keep, ''),
    'returns it only once': edited(
      returnMoment,
      `try { ${returnMoment} } finally { this.#devicesForgottenAt = null; }`,
    ),
    'forgets it when it makes room': edited(loop, `${loop} this.#devicesForgottenAt = null;`),
    'forgets it when a time is kept': edited(
      keepTime,
      `${keepTime} this.#devicesForgottenAt = null;`,
    ),
    'forgets it when a later time is kept': edited(
      keepTime,
      `${keepTime} if (this.#devicesForgottenAt < moment) this.#devicesForgottenAt = null;`,
    ),
    'moves it to the time that is kept': edited(
      keepTime,
      `${keepTime} this.#devicesForgottenAt = Math.max(moment, this.#devicesForgottenAt);`,
    ),
    'forgets it when everything is revoked': edited(
      count,
      `if (target === 'everything') this.#devicesForgottenAt = null; ${count}`,
    ),
    'forgets it with the sessions of a user': edited(
      count,
      `if (target.userId !== undefined) this.#devicesForgottenAt = null; ${count}`,
    ),
    'forgets it with a login': edited(check, `this.#devicesForgottenAt = null; ${check}`),
    'lets it expire when it makes room long after': edited(
      loop,
      `if (before > this.#devicesForgottenAt + 400 * 86_400_000) this.#devicesForgottenAt = null; ${loop}`,
    ),
    'returns it only on the instance that stored it': instances((right) => {
      let known: number | null = null;
      return {
        forgetDevices: async (now) => {
          known = Math.max(now, known ?? now);
          await right.forgetDevices!(now);
        },
        devicesForgottenAt: async () => (known ??= await right.devicesForgottenAt!()),
      };
    }),
    'keeps it in the memory of the instance': instances(() => {
      let known: number | null = null;
      return {
        forgetDevices: async (now) => {
          known = Math.max(now, known ?? now);
        },
        devicesForgottenAt: async () => known,
      };
    }),
  },
  'forgetDevices: Never moves back: a moment before the stored one changes nothing.': {
    'keeps the last': edited(keep, 'this.#devicesForgottenAt = now;'),
    'keeps the earliest': edited(keep, keep.replace('max', 'min')),
    'reads first and writes a step later': edited(
      keep,
      `const before = this.#devicesForgottenAt ?? now; await Promise.resolve();
       this.#devicesForgottenAt = Math.max(now, before);`,
    ),
    'reads first and writes a turn later': edited(
      keep,
      `const before = this.#devicesForgottenAt ?? now;
       await new Promise((resolve) => setImmediate(resolve));
       this.#devicesForgottenAt = Math.max(now, before);`,
    ),
    'compares the moments and writes a step later': edited(
      keep,
      `if (now <= (this.#devicesForgottenAt ?? 0)) return; await Promise.resolve();
       this.#devicesForgottenAt = now;`,
    ),
    'reads first and writes a turn later, with a lock in memory': lockedInMemory(
      keep,
      `const before = this.#devicesForgottenAt ?? now; ${turn}
       this.#devicesForgottenAt = Math.max(now, before);`,
    ),
    'goes back by a little': edited(
      keep,
      `if (now > (this.#devicesForgottenAt ?? 0) - 1000) this.#devicesForgottenAt = now;`,
    ),
    'starts again from 0': edited(keep, `${keep} if (now === 0) this.#devicesForgottenAt = 0;`),
  },
  'devicesForgottenAt: Returns the latest moment that `forgetDevices` received, or null if there was none.':
    {
      'returns none': edited(returnMoment, 'return null;'),
      'returns undefined if there was none': edited(
        returnMoment,
        `${returnMoment.slice(0, -1)} ?? undefined;`,
      ),
      'returns the first': edited(keep, 'this.#devicesForgottenAt ??= now;'),
      'returns whole seconds': edited(
        returnMoment,
        'return this.#devicesForgottenAt && this.#devicesForgottenAt - (this.#devicesForgottenAt % 1000);',
      ),
      'returns a text': edited(
        returnMoment,
        'return this.#devicesForgottenAt && String(this.#devicesForgottenAt);',
      ),
      'returns another moment': edited(keep, keep.replace('max(now', 'max(now + 1')),
    },
};
