import { editedInstances, type Mutant } from './mutated-memory-store.js';
import { queued } from './slow-store.js';

/** Instances that do one thing at a time, each with a lock that the others don't see. */
export function lockedInMemory(text: string, mutatedText: string): Mutant {
  const open = editedInstances(text, mutatedText);
  return async () => queued(await open());
}
