import type { Figures } from './figures.js';
import type { Fleet, Instance } from './fleet.js';
import { becomesTrue, between, goesOnAfter, oneOf } from './over.js';

/** Lets happen to the fleet whatever happens to fleets, until it is over; leaves everything whole. */
export async function injectFaults(
  fleet: Fleet,
  figures: Figures,
  over: AbortSignal,
): Promise<void> {
  /** In step with the traffic, so that a slow machine has no more faults to a request than a fast one. */
  const afterRequests = async (
    [least, most]: [number, number],
    fault: (instance: Instance) => Promise<void> | void,
  ) => {
    for (;;) {
      const next = figures.requests + between(least, most);
      if (!(await becomesTrue(() => figures.requests >= next, over))) return;
      const living = fleet.instances.filter(({ app }) => app !== null);
      if (living.length > 0) await fault(oneOf(living));
    }
  };

  await Promise.all([
    killEveryFewSeconds(fleet, figures, over),
    afterRequests([10, 50], ({ front }) => {
      figures.lostAnswers += 1;
      front.loseNextAnswer();
    }),
    afterRequests([50, 200], async ({ database }) => {
      if (database === null) return;
      figures.connectionCuts += 1;
      database.cut();
      await goesOnAfter(between(0, 100), over);
      database.heal();
    }),
    afterRequests([50, 200], ({ database }) => {
      if (database === null) return;
      figures.lostDatabaseAnswers += 1;
      database.loseNextAnswer();
    }),
  ]);
}

async function killEveryFewSeconds(
  fleet: Fleet,
  figures: Figures,
  over: AbortSignal,
): Promise<void> {
  while (await goesOnAfter(between(2000, 6000), over)) {
    figures.kills += 1;
    await fleet.replace(oneOf(fleet.instances));
  }
}
