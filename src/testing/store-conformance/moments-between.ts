import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { pairsOn, type Pair } from './second-store.js';
import type { OpenStore } from './store-case.js';

/** Waits for this many promise steps, then for this many turns of the event loop. */
async function pass({ steps, turns }: Moment): Promise<void> {
  for (let step = 0; step < steps; step += 1) await Promise.resolve();
  for (let turn = 0; turn < turns; turn += 1) await nextTurn();
}

interface Moment {
  steps: number;
  turns: number;
}

/** Delays of the second of two calls, so that it falls between any two steps of the first. */
const MOMENTS_BETWEEN: readonly Moment[] = [
  ...[0, 1, 2, 3, 4, 6, 9, 13].map((steps) => ({ steps, turns: 0 })),
  ...[1, 2, 4].map((turns) => ({ steps: 0, turns })),
];

/** Starts a second call shortly after a first one, and waits for both. */
export async function startedInTurn<A, B>(
  moment: Moment,
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const running = first();
  running.catch(() => {});
  // Without a delay, not even one step may pass.
  if (moment.steps + moment.turns > 0) await pass(moment);
  return Promise.all([running, second()]);
}

export type InTurn = <A, B>(first: () => Promise<A>, second: () => Promise<B>) => Promise<[A, B]>;

/** Runs one round for each delay of the second call after the first. */
export async function atEachMomentBetween(round: (inTurn: InTurn) => Promise<void>): Promise<void> {
  for (const moment of MOMENTS_BETWEEN) {
    await round(async (first, second) => startedInTurn(moment, first, second));
  }
}

/** As many queries are waited for in between: a store in a network takes its steps as fast as these. */
const QUERIES_BETWEEN = [1, 2, 3, 4, 5, 7, 9];

/**
 * The same with both calls on one store, and with each on one of two stores that share their sessions. Then the second
 * call also falls between any two round trips of the first.
 */
export async function atEachMomentOn(
  store: RefreshTokenStore,
  openStore: OpenStore,
  round: (inTurn: InTurn, pair: Pair) => Promise<void>,
): Promise<void> {
  for (const pair of await pairsOn(store, openStore)) {
    await atEachMomentBetween(async (inTurn) => round(inTurn, pair));
    for (const queries of QUERIES_BETWEEN) {
      await round(
        async (first, second) => startedAfterQueries({ pair, queries }, first, second),
        pair,
      );
    }
  }
}

async function startedAfterQueries<A, B>(
  { pair, queries }: { pair: Pair; queries: number },
  first: () => Promise<A>,
  second: () => Promise<B>,
): Promise<[A, B]> {
  const running = first();
  running.catch(() => {});
  for (let query = 0; query < queries; query += 1) await pair[1].find('-');
  return Promise.all([running, second()]);
}

/** A store whose driver never waits takes many steps in one turn. */
const QUERIES_PER_TURN = 1000;

/** Repeats a query while something runs: at first with every step, then one query after the other. */
export async function queryWhile<T>(
  running: Promise<unknown>,
  query: () => Promise<T>,
): Promise<T[]> {
  const results: Promise<T>[] = [];
  const begin = () => {
    const next = query();
    next.catch(() => {});
    results.push(next);
    return next;
  };
  for (let step = 0; step < 12; step += 1) {
    void begin();
    await Promise.resolve();
  }
  const ended = running.then(() => true);
  do {
    for (let more = 0; more < QUERIES_PER_TURN; more += 1) {
      await begin();
      if (await Promise.race([ended, false])) break;
    }
  } while (!(await Promise.race([ended, nextTurn(false)])));
  return Promise.all(results);
}
