const TURN_MS = 100;

/**
 * How long this process has run, by its own timers: on an overloaded machine they come late, and so does
 * everything else that it does by timers. A separate app process has the same in shift-clock.mjs.
 */
export class ProcessTime {
  #turns = 0;

  constructor() {
    setInterval(() => (this.#turns += 1), TURN_MS).unref();
  }

  readonly livedMs = async (): Promise<number> => this.#turns * TURN_MS;
}
