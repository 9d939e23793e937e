import type { Figures } from './figures.js';
import type { Fleet, Instance } from './fleet.js';
import { becomesTrue, randomBetween, continuesAfter, randomElementOf } from './loop-control.js';

/** Causes the faults that happen to real fleets, until the soak ends; then repairs everything. */
export async function injectFaults(
  fleet: Fleet,
  figures: Figures,
  signal: AbortSignal,
): Promise<void> {
  /** Paced by the traffic, so that a slow machine has as many faults per request as a fast one. */
  const afterRequests = async (
    [least, most]: [number, number],
    fault: (instance: Instance) => Promise<void> | void,
  ) => {
    for (;;) {
      const next = figures.requests + randomBetween(least, most);
      if (!(await becomesTrue(() => figures.requests >= next, signal))) return;
      const living = fleet.instances.filter(({ app }) => app !== null);
      if (living.length > 0) await fault(randomElementOf(living));
    }
  };

  await Promise.all([
    killEveryFewSeconds(fleet, figures, signal),
    afterRequests([10, 50], ({ front }) => {
      figures.lostResponses += 1;
      front.loseNextResponse();
    }),
    afterRequests([50, 200], async ({ database }) => {
      if (database === null) return;
      figures.connectionCuts += 1;
      database.cut();
      await continuesAfter(randomBetween(0, 100), signal);
      database.heal();
    }),
    afterRequests([50, 200], ({ database }) => {
      if (database === null) return;
      figures.lostDatabaseResponses += 1;
      database.loseNextResponse();
    }),
  ]);
}

async function killEveryFewSeconds(
  fleet: Fleet,
  figures: Figures,
  signal: AbortSignal,
): Promise<void> {
  while (await continuesAfter(randomBetween(2000, 6000), signal)) {
    figures.kills += 1;
    await fleet.replace(randomElementOf(fleet.instances));
  }
}
