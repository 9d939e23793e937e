import type { Figures } from './figures.js';
import type { Fleet } from './fleet.js';
import { continuesAfter } from './loop-control.js';

export const LEEWAY_MS = 30_000;
/** Below the ten seconds by which instances may differ: while they are turned, some are ahead. */
export const TURN_MS = 8_000;

/** A client's refresh from the first request to the response, with all retries. */
interface UnderWay {
  startedAt: number;
  /** How often the clocks had been turned when it began. */
  turns: number;
}

/**
 * Turns the clocks forward, so that rotations become due all the time, and keeps honest clients within the promise: a
 * token's requests all end less than a leeway after it is superseded.
 *
 * The clocks are turned only when every refresh under way began after the last turn, so each of them sees one turn at
 * most, and takes, by the clocks of the apps, its real time and 8 s. A superseded token can travel for two such times:
 * that of the refresh that rotated it, and that of another one, begun just before the first response. Twice 8 s
 * leaves twice 7 s of the leeway of 30 s for the real time that a refresh may take, retries included: some tens of
 * times what it takes on a loaded machine.
 */
export class Clockwork {
  #turns = 0;
  readonly #underWay = new Set<UnderWay>();

  constructor(
    private readonly fleet: Fleet,
    private readonly figures: Figures,
  ) {}

  /** Follows one refresh with its retries. */
  async during<T>(refresh: () => Promise<T>): Promise<T> {
    const underWay = { startedAt: performance.now(), turns: this.#turns };
    this.#underWay.add(underWay);
    try {
      return await refresh();
    } finally {
      this.#underWay.delete(underWay);
      const took = Math.round(performance.now() - underWay.startedAt);
      this.figures.slowestRefreshMs = Math.max(this.figures.slowestRefreshMs, took);
    }
  }

  async run(signal: AbortSignal): Promise<void> {
    while (await continuesAfter(20, signal)) {
      if ([...this.#underWay].some(({ turns }) => turns < this.#turns)) continue;
      await this.fleet.advance(TURN_MS);
      // Only now, because refreshes that began during the turn have seen it.
      this.#turns += 1;
      this.figures.clockTurnedMs += TURN_MS;
    }
  }
}
