/** How long to measure: many short rounds, because a machine's speed changes from second to second. */
export interface Effort {
  rounds: number;
  /** Rounds of a benchmark that takes seconds itself. */
  longRounds: number;
  /** Milliseconds of load on each side of a round. */
  seconds: number;
  /** Of load before the first round, so that both sides are compiled: a refresh goes through code that takes seconds. */
  warmUpSeconds: number;
  isQuick: boolean;
  /** Counts requests per second of the server's CPU time, for a machine that does other work too. */
  perCpuSecond: boolean;
}

export const FULL: Effort = {
  rounds: 17,
  longRounds: 9,
  seconds: 0.6,
  warmUpSeconds: 8,
  isQuick: false,
  perCpuSecond: false,
};
export const QUICK: Effort = {
  rounds: 5,
  longRounds: 2,
  seconds: 0.5,
  warmUpSeconds: 3,
  isQuick: true,
  perCpuSecond: false,
};
