import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { NOW, put } from './sample-sessions.js';
import type { OpenStore } from './store-case.js';

/** The stores for the first and the second of two calls. */
export type Pair = readonly [one: RefreshTokenStore, two: RefreshTokenStore];

const warned = new WeakSet<OpenStore>();

/**
 * Another store on the same sessions, like that of another instance of the app; null, and a warning, if there is none.
 */
export async function anotherOn(
  store: RefreshTokenStore,
  openStore: OpenStore,
): Promise<RefreshTokenStore | null> {
  const { id } = await put(store, { revokedAt: NOW, revokedReason: 'logout' });
  const other = await openStore();
  if (other !== store && (await other.find(id)) !== null) return other;
  if (!warned.has(openStore)) process.emitWarning(...NOT_TRIED);
  warned.add(openStore);
  return null;
}

const NOT_TRIED = [
  'Not tried: two instances of the app at once. A store that is atomic within one process only has passed all the ' +
    'same. Let openStore return another store on the same data each time, with a connection of its own.',
  'RefreshTokenStoreConformance',
] as const;

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
