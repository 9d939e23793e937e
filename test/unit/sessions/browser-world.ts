/**
 * One session's row, one browser's cookie jar and the requests between them; nobody cheats. Time passes in ticks, and
 * only ages are kept, so that worlds that differ by a shift of time are the same. Generations are renumbered too, the
 * oldest one still held is 1, so that the number of worlds is finite for any number of requests.
 */
export interface World {
  /** For each generation, how many ticks ago it began; the last is the row's. */
  begun: readonly number[];
  /** The generation of the refresh cookie; null before the response to the login. */
  jar: number | null;
  requests: readonly Request[];
  /** A request was lost, and no later one has a response yet. */
  owesRetry: boolean;
  lossesLeft: number;
  /** By how much generations were renumbered; used only for the texts. */
  renumbered: number;
}

export interface Request {
  /** The generation it carries; null for the login. */
  token: number | null;
  stage: 'on its way' | 'clock read' | 'not updated' | 'responded';
  /** Ticks since the server read its clock for this request. */
  clockAge: number;
  /** The generation of the cookie that its response sets. */
  cookie: number | null;
  /** Ticks since it was sent. */
  age: number;
  isRetry: boolean;
  /** Nobody waits for its response any more, but the server may still receive it. */
  isGivenUp: boolean;
  /** When it was sent, its token had already been superseded for a leeway or longer, so the network did not delay it. */
  wasDead: boolean;
}

export function whileLoginResponseIsOnItsWay(losses: number): World {
  const login: Request = { ...sent(null), stage: 'responded', cookie: 0 };
  return { ...loggedIn(losses), jar: null, requests: [login] };
}

export function loggedIn(losses: number): World {
  return {
    begun: [0],
    jar: 0,
    requests: [],
    owesRetry: false,
    lossesLeft: losses,
    renumbered: 0,
  };
}

export function sent(token: number | null): Request {
  return {
    token,
    stage: 'on its way',
    clockAge: 0,
    cookie: null,
    age: 0,
    isRetry: false,
    isGivenUp: false,
    wasDead: false,
  };
}

/** How long ago a generation got its successor; -1 if it has none. */
export function supersededFor({ begun }: World, generation: number | null): number {
  return (generation === null ? undefined : begun[generation + 1]) ?? -1;
}

/** A text that is equal for equal worlds, in any order of their requests. */
export function keyOf({ begun, jar, requests, owesRetry, lossesLeft }: World): string {
  const keys = requests.map(
    (request) =>
      `${request.token}${request.stage[0]}${request.clockAge},${request.cookie},${request.age}` +
      `${request.isRetry ? 'r' : ''}${request.isGivenUp ? 'g' : ''}${request.wasDead ? 'd' : ''}`,
  );
  return `${begun}|${jar}|${keys.toSorted().join(' ')}|${owesRetry ? 'r' : ''}${lossesLeft}`;
}

/** Generation 0 is judged differently, all others only by their distance from the row's generation. */
export function renumber(world: World): World {
  const { begun, jar, requests } = world;
  const held = [jar, ...requests.flatMap(({ token, cookie }) => [token, cookie])];
  const oldest = Math.min(begun.length - 1, ...held.filter((generation) => generation !== null));
  const by = Math.max(0, oldest - 1);
  const less = (generation: number | null) => (generation === null ? null : generation - by);
  return {
    ...world,
    begun: begun
      .slice(by)
      .map((age, i) => (i <= oldest - by && i < begun.length - by - 1 ? 0 : age)),
    jar: less(jar),
    requests: requests.map((request) => ({
      ...request,
      token: less(request.token),
      cookie: less(request.cookie),
    })),
    renumbered: world.renumbered + by,
  };
}

export function withRequest(world: World, request: Request, to: Request | null): World {
  const others = world.requests.filter((other) => other !== request);
  return { ...world, requests: to === null ? others : [...others, to] };
}

export function nameOf({ renumbered }: World, generation: number | null): string {
  return generation === null ? 'the login' : `R${generation + renumbered}`;
}
