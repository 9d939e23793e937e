import type { AuthClient, AuthClientOptions } from '../../../src/client/auth-client.js';
import { assembleAuthClient } from '../../../src/client/assemble-auth-client.js';
import { FakeServer } from './fake-server.js';
import { FakeWorld } from './fake-world.js';

export const API = 'https://app.example/api';
export const credentials = { username: 'ada', password: 'correct horse battery staple' };

export interface Scene {
  world: FakeWorld;
  server: FakeServer;
  client: AuthClient;
}

type Given = AuthClientOptions & { process?: boolean; lacks?: ('locks' | 'channel')[] };

/** A tab, alone in the world unless it gets another one's. */
export function aTab(given: Given = {}, world = new FakeWorld(), server = new FakeServer()): Scene {
  const { process, lacks, ...options } = given;
  const around = world.surroundings({ ...(process && { process }), ...(lacks && { lacks }) });
  return { world, server, client: assembleAuthClient({ fetch: server.fetch, ...options }, around) };
}

/** A tab that has just logged in, with `token1`. */
export async function signedIn(given: Given = {}): Promise<Scene> {
  const scene = aTab(given);
  await scene.world.until(scene.client.login(credentials));
  return scene;
}

/** The name of the lock, and of the channel. */
export const LOCK = 'nestjs-refresh-auth https://app.example/';

/** Another tab of the same browser. */
export const another = ({ world, server }: Scene, given: Parameters<typeof aTab>[0] = {}) =>
  aTab(given, world, server);

/** Several tabs, signed in, whose token has expired. */
export async function expiredTabs(
  count: number,
  given: Parameters<typeof aTab>[0] = {},
): Promise<Scene[]> {
  const first = await signedIn(given);
  const tabs = [first, ...Array.from({ length: count - 1 }, () => another(first, given))];
  for (const { client, world } of tabs) await world.until(client.ready());
  first.server.sent.length = 0;
  first.server.valid.clear();
  await first.world.advance(16 * 60_000);
  return tabs;
}
