import { AuthError } from '../errors/auth-error.js';
import type { Charge } from '../passwords/login-limiter.js';
import type { Ask } from './bounded.js';

/** Makes an attempt that was charged for. One that comes to no result (busy, an outage) isn't a failed one. */
export async function charged<T>(
  ask: Ask,
  charges: readonly Charge[],
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!(error instanceof AuthError) || error.getStatus() >= 500) {
      // What can't be given back now runs out by itself.
      for (const charge of charges) await ask(charge.giveBack).catch(() => {});
    }
    throw error;
  }
}
