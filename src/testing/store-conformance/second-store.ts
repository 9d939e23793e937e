import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { NOW, put } from './sample-sessions.js';
import type { OpenStore } from './store-case.js';

/** The stores for the first and the second of two calls. */
export type Pair = readonly [one: RefreshTokenStore, two: RefreshTokenStore];

/** Another store on the same sessions, like that of another instance of the app; null if there is none. */
export async function anotherOn(
  store: RefreshTokenStore,
  openStore: OpenStore,
): Promise<RefreshTokenStore | null> {
  const { id } = await put(store, { revokedAt: NOW, revokedReason: 'logout' });
  const other = await openStore();
  return other !== store && (await other.find(id)) !== null ? other : null;
}

/** Two simultaneous calls go to one store, and then each to one of two stores that share their sessions. */
export async function pairsOn(store: RefreshTokenStore, openStore: OpenStore): Promise<Pair[]> {
  const other = await anotherOn(store, openStore);
  const alone: Pair = [store, store];
  return other === null ? [alone] : [alone, [store, other]];
}

/** Two stores that share their sessions if there are two, else one store twice. */
export async function pairOn(store: RefreshTokenStore, openStore: OpenStore): Promise<Pair> {
  return [store, (await anotherOn(store, openStore)) ?? store];
}
