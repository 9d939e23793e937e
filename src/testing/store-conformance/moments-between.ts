import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { pairsOn, type Pair } from './second-store.js';
import type { OpenStore } from './store-case.js';

/** Lets so many steps pass that a promise takes to go on, and then so many turns of the event loop. */
async function pass({ steps, turns }: Moment): Promise<void> {
  for (let step = 0; step < steps; step += 1) await Promise.resolve();
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
}

interface Moment {
  steps: number;
  turns: number;
}

/** When the second of two calls may come, so that it falls between any two steps of the first. */
const MOMENTS_BETWEEN: readonly Moment[] = [
  ...[0, 1, 2, 3, 4, 6, 9, 13].map((steps) => ({ steps, turns: 0 })),
  ...[1, 2, 4].map((turns) => ({ steps: 0, turns })),
];

/** Starts a second call a moment after a first, and waits for both. */
export async function startedInTurn<A, B>(
  moment: Moment,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const running = first();
  running.catch(() => {});
  // Not even one step where there is to be none.
  if (moment.steps + moment.turns > 0) await pass(moment);
  return Promise.all([running, second()]);
}

export type InTurn = <A, B>(first: () => Promise<A>, second: () => Promise<B>) => Promise<[A, B]>;

/** Runs one round for each moment at which the second call may come after the first. */
export async function atEachMomentBetween(round: (inTurn: InTurn) => Promise<void>): Promise<void> {
  for (const moment of MOMENTS_BETWEEN) {
    await round(async (first, second) => startedInTurn(moment, first, second));
  }
}

/** The same for two calls of one store, and for two that share their sessions. */
export async function atEachMomentOn(
  store: RefreshTokenStore,
  openStore: OpenStore,
  round: (inTurn: InTurn, pair: Pair) => Promise<void>,
): Promise<void> {
  for (const pair of await pairsOn(store, openStore)) {
    await atEachMomentBetween(async (inTurn) => round(inTurn, pair));
  }
}

/** A store whose driver waits for nothing takes many steps without a turn. */
const LOOKS_A_TURN = 1000;

/** Looks while something runs: with every step at first, and then one look after the other. */
export async function lookWhile<T>(
  running: Promise<unknown>,
  look: () => Promise<T>,
): Promise<T[]> {
  const looks: Promise<T>[] = [];
  const begin = () => {
    const next = look();
    next.catch(() => {});
    looks.push(next);
    return next;
  };
  for (let step = 0; step < 12; step += 1) {
    void begin();
    await Promise.resolve();
  }
  const ended = running.then(() => true);
  do {
    for (let more = 0; more < LOOKS_A_TURN; more += 1) {
      await begin();
      if (await Promise.race([ended, false])) break;
    }
  } while (!(await Promise.race([ended, nextTurn(false)])));
  return Promise.all(looks);
}
