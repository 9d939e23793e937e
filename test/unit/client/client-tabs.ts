import type { AuthClient, AuthClientOptions } from '../../../src/client/auth-client.js';
import { assembleAuthClient } from '../../../src/client/assemble-auth-client.js';
import { FakeServer } from './fake-server.js';
import { FakeWorld } from './fake-world.js';

export const API = 'https://app.example/api';
export const credentials = { username: 'ada', password: 'correct horse battery staple' };

export interface OpenTab {
  world: FakeWorld;
  server: FakeServer;
  client: AuthClient;
}

type TabOptions = AuthClientOptions & { process?: boolean; lacks?: ('locks' | 'channel')[] };

/** A tab, alone in its world unless it gets the world of another one. */
export function openTab(
  given: TabOptions = {},
  world = new FakeWorld(),
  server = new FakeServer(),
): OpenTab {
  const { process, lacks, ...options } = given;
  const around = world.platform({ ...(process && { process }), ...(lacks && { lacks }) });
  return { world, server, client: assembleAuthClient({ fetch: server.fetch, ...options }, around) };
}

/** A tab that has just logged in, with `token1`. */
export async function openSignedInTab(given: TabOptions = {}): Promise<OpenTab> {
  const scene = openTab(given);
  await scene.world.until(scene.client.login(credentials));
  return scene;
}

/** The name of the lock, and of the channel. */
export const LOCK_NAME = 'auth/https://app.example/';

/** Another tab of the same browser. */
export const openAnotherTab = (
  { world, server }: OpenTab,
  given: Parameters<typeof openTab>[0] = {},
) => openTab(given, world, server);

/** Several tabs, signed in, whose token has expired. */
export async function openExpiredTabs(
  count: number,
  given: Parameters<typeof openTab>[0] = {},
): Promise<OpenTab[]> {
  const first = await openSignedInTab(given);
  const tabs = [first, ...Array.from({ length: count - 1 }, () => openAnotherTab(first, given))];
  for (const { client, world } of tabs) await world.until(client.ready());
  first.server.sent.length = 0;
  first.server.valid.clear();
  await first.world.advance(16 * 60_000);
  return tabs;
}
