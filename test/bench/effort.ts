/** How long to measure. */
export interface Effort {
  rounds: number;
  /** Of load, on each side of a round. */
  seconds: number;
  /** Of load before the first round, so that both sides are compiled. */
  warmUpSeconds: number;
  isQuick: boolean;
  /** Count what is served in a second of the server's CPU, where the machine has other things to do. */
  perCpuSecond: boolean;
}

export const FULL: Effort = {
  rounds: 9,
  seconds: 1.5,
  warmUpSeconds: 3,
  isQuick: false,
  perCpuSecond: false,
};
export const QUICK: Effort = {
  rounds: 3,
  seconds: 1,
  warmUpSeconds: 1,
  isQuick: true,
  perCpuSecond: false,
};
