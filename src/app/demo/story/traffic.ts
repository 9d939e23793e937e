import type { PlayedRequest } from '../played-browser.js';
import type { Credentials, Side } from './side.js';

type Traffic = (side: Side) => Promise<PlayedRequest[]>;

export interface Step {
  name: string;
  /** Whether the session has to be able to rotate again, or an old token's leeway to be over. */
  isAfterLeeway: boolean;
  traffic: Traffic;
}

/** What happens in the story. Both sides get it from here, so both get the same requests in the same order. */
export const STEPS: readonly Step[] = [
  { name: 'sign-in', isAfterLeeway: false, traffic: async () => [] },
  {
    name: 'two-tabs',
    isAfterLeeway: false,
    async traffic({ tab1, tab2 }) {
      const atOnce = await Promise.all([tab1.refresh(), tab2.refresh()]);
      return [...atOnce, await tab1.refresh()];
    },
  },
  {
    name: 'lost-response',
    isAfterLeeway: true,
    async traffic({ tab1 }) {
      const lost = await tab1.refresh({ isResponseLost: true });
      return [lost, await tab1.refresh()];
    },
  },
  {
    name: 'copied-token',
    isAfterLeeway: true,
    async traffic(side) {
      side.thief = side.tab1.copyCookies('Thief');
      return [await side.tab1.refresh()];
    },
  },
  {
    name: 'theft',
    isAfterLeeway: true,
    async traffic({ tab1, thief }) {
      const theft = await thief!.refresh();
      return [theft, await tab1.refresh()];
    },
  },
];

/** The traffic of a step. Whoever was signed out signs in first. */
export function afterSigningIn(traffic: Traffic, user: Credentials): Traffic {
  return async (side) => {
    const login = side.isSignedIn ? [] : [await side.tab1.send('login', user)];
    return [...login, ...(await traffic(side))];
  };
}
