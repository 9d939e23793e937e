/** How long to measure: many short rounds, because a machine's speed changes from second to second. */
export interface Effort {
  rounds: number;
  /** Of what takes seconds itself. */
  longRounds: number;
  /** Of load, on each side of a round. */
  seconds: number;
  /** Of load before the first round, so that both sides are compiled: a refresh goes through code that takes seconds. */
  warmUpSeconds: number;
  isQuick: boolean;
  /** Count what is served in a second of the server's CPU, where the machine has other things to do. */
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
