import { edited, type Mutants } from './mutated-memory-store.js';

const keep = 'this.#devicesForgottenAt = Math.max(now, this.#devicesForgottenAt ?? now);';
const tell = 'return this.#devicesForgottenAt;';
const loop = 'for (const { id } of slice) this.#rows.delete(id);';

export const forgetDevicesMutants: Mutants = {
  'forgetDevices: Is told to whoever asks later, however long.': {
    'keeps nothing': edited(keep, ''),
    'tells it once': edited(tell, `try { ${tell} } finally { this.#devicesForgottenAt = null; }`),
    'forgets it when it makes room': edited(loop, `${loop} this.#devicesForgottenAt = null;`),
  },
  'forgetDevices: Never moves back: a moment before the one that is kept changes nothing.': {
    'keeps the last': edited(keep, 'this.#devicesForgottenAt = now;'),
    'keeps the earliest': edited(keep, keep.replace('max', 'min')),
  },
  'devicesForgottenAt: Returns the latest moment that `forgetDevices` was given, or null where there was none.':
    {
      'tells of none': edited(tell, 'return null;'),
      'tells the first': edited(keep, 'this.#devicesForgottenAt ??= now;'),
      'tells another moment': edited(keep, keep.replace('max(now', 'max(now + 1')),
    },
};
