import type { Surroundings } from './surroundings.js';

type Clocks = Pick<Surroundings, 'wall' | 'mono'>;

/** A moment by both clocks. */
export interface Moment {
  wall: number;
  mono: number;
}

/** An access token and what is needed to tell its age. */
export interface HeldToken {
  token: string;
  lifeMs: number;
  /** When it was asked for. The server signed it later, so here it never lives longer than there. */
  since: Moment;
  /** At this age it is time for the next one: somewhere in the last third, where nobody can guess. */
  dueMs: number;
}

export function hold(token: string, lifeMs: number, since: Moment, random: number): HeldToken {
  return { token, lifeMs, since, dueMs: uploadableMs(lifeMs) + (lifeMs * random) / 3 };
}

/** A request that can't be sent twice asks for a token below this age. */
export function uploadableMs(lifeMs: number): number {
  return (lifeMs * 2) / 3;
}

export function moment(clocks: Clocks): Moment {
  return { wall: clocks.wall(), mono: clocks.mono() };
}

/** How long ago. A clock that was wrong all the time costs nothing, one that was set, at most a refresh. */
export function ageMs({ wall, mono }: Moment, clocks: Clocks): number {
  return Math.max(clocks.wall() - wall, clocks.mono() - mono);
}

export function remainingMs(held: HeldToken, clocks: Clocks): number {
  return held.lifeMs - ageMs(held.since, clocks);
}
