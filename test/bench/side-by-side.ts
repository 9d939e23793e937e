import type { Effort } from './effort.js';
import type { Load, Served } from './load.js';
import type { LoadGenerator } from './load-generator.js';
import { resultOf, type Result } from './results.js';
import type { ServerProcess } from './server-process.js';

/** One of the two sides of a comparison. */
export interface Side extends Pick<
  Load,
  'method' | 'connections' | 'amount' | 'rate' | 'keepsCookie'
> {
  server: ServerProcess;
  path: string;
  requestOf(credential: string): Load['requests'][number];
  /** The users who send the requests. Default: the server's own users. */
  credentials?: readonly string[];
}

/** Loads two servers in turn, round after round; another one begins each time. */
export async function sideBySide(
  what: Pick<Result, 'name' | 'unit' | 'of'>,
  sides: { ours: Side; other: Side },
  generator: LoadGenerator,
  effort: Effort,
): Promise<Result> {
  const { rounds, seconds, warmUpSeconds } = effort;
  for (const side of [sides.other, sides.ours]) {
    side.server.age(warmUpSeconds / 2);
    await serve(side, generator, warmUpSeconds);
  }
  const measured: { ours: number; other: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const order = round % 2 === 0 ? (['ours', 'other'] as const) : (['other', 'ours'] as const);
    const figures = { ours: 0, other: 0 };
    for (const name of order) {
      const { perSecond, perCpuSecond } = await serve(sides[name], generator, seconds);
      figures[name] = effort.perCpuSecond ? perCpuSecond : perSecond;
    }
    measured.push(figures);
  }
  return resultOf(what, measured);
}

/** How many requests a side serves in this many seconds. */
export async function serve(
  { server, path, requestOf, credentials, ...load }: Side,
  generator: LoadGenerator,
  seconds: number,
): Promise<Served & { perCpuSecond: number }> {
  // When a round ended, the client may not have received the newest cookie.
  const fresh = load.keepsCookie ? await server.freshCredentials() : null;
  const requests = (fresh ?? credentials ?? server.started.credentials).map(requestOf);
  const url = `${server.started.url}${path}`;
  const before = await server.cpuSeconds();
  const served = await generator.run({ ...load, url, requests, seconds });
  return { ...served, perCpuSecond: served.requests / ((await server.cpuSeconds()) - before) };
}
