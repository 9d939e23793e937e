import { editedInstances, type Mutant } from './mutated-memory-store.js';
import { queued } from './slow-store.js';

/** Instances each of which does one thing at a time, with a lock that the others know nothing of. */
export function lockedInMemory(text: string, mutatedText: string): Mutant {
  const open = editedInstances(text, mutatedText);
  return async () => queued(await open());
}
