const TURN_MS = 100;

/**
 * How long this process has lived, by its own timers: on a machine that is overloaded they come late, and so does
 * whatever else it does by timers. An app in a process of its own has the same in shift-clock.mjs.
 */
export class ProcessTime {
  #turns = 0;

  constructor() {
    setInterval(() => (this.#turns += 1), TURN_MS).unref();
  }

  readonly livedMs = async (): Promise<number> => this.#turns * TURN_MS;
}
