import { createSecretKey } from 'node:crypto';
import { hashSecret, nextSecret } from '../../../src/tokens/ratchet.js';
import type { SessionRow } from '../../../src/sessions/refresh-token-store.js';
import type { judge, JudgedToken, Verdict } from '../../../src/sessions/verdict.js';
import {
  nameOf,
  renumber,
  sent,
  supersededFor,
  withRequest,
  type Request,
  type World,
} from './browser-world.js';
import type { Step } from './exhaustive-search.js';

/** How long each part takes, in ticks. A limit that nobody guarantees is not part of the search. */
export interface Model {
  rule: typeof judge;
  leeway: number;
  inFlight: number;
  /** How many requests or responses may be lost. */
  losses: number;
  /** After a token is superseded, the requests that carry it end in less than this. */
  wholeDelay: number;
  /** When the browser repeats a lost request: early enough for the whole delay, without any delay, or at any time. */
  retries: 'in time' | 'at once' | 'some day';
  /** The longest time of a request and its response together; null for any. */
  requestTakes: number | null;
  /**
   * How long the server may take from reading the clock to its verdict; a clock that is behind is the same.
   * With 0 it reads the clock, updates, and reads the row in one step; else other requests may come between.
   */
  serverTakes: number;
  /** Whether the browser may give up a request that the server still receives, even after later ones. */
  givesUp: boolean;
  youngSetsCookie: boolean;
}

const TICK_MS = 1000;
const NOW = 1_900_000_000_000;
const SESSION = 'one-session';
const WHOSE = { userId: 'honest', absoluteExpiresAt: NOW + 1e9 };
const HASHES = chainOfHashes(16);

/** Every step that the browser or the server can take next. The search looks for a refusal. */
export function stepsFrom(world: World, model: Model): Step<World>[] {
  const steps: Step<World>[] = [];
  if (model.retries !== 'at once' || !mustRetryNow(world)) steps.push(timePasses(world, model));
  if (world.jar !== null && world.requests.length < model.inFlight) steps.push(send(world, model));
  for (const request of world.requests) {
    if (request.stage === 'responded') {
      steps.push(arrive(world, request));
      if (request.token !== null) steps.push(repeat(world, request));
    } else {
      steps.push(serve(world, request, model));
    }
    if (world.lossesLeft > 0 && request.token !== null && !request.isGivenUp) {
      steps.push(lose(world, request, null));
      if (model.givesUp && request.stage !== 'responded')
        steps.push(lose(world, request, { ...request, isGivenUp: true }));
    }
  }
  return steps
    .filter(({ to, refused }) => refused || isPossible(to, model))
    .map((step) => ({ ...step, to: renumber(step.to) }));
}

function isPossible(world: World, model: Model): boolean {
  const { wholeDelay, retries, serverTakes } = model;
  const requestTakes = model.requestTakes ?? Infinity;
  const repairsTooLate =
    retries === 'in time' && world.owesRetry && supersededFor(world, world.jar) >= wholeDelay;
  return (
    !repairsTooLate &&
    world.requests.every(
      ({ token, wasDead, age, clockAge }) =>
        age <= requestTakes &&
        clockAge <= serverTakes &&
        (wasDead || supersededFor(world, token) < wholeDelay),
    )
  );
}

function mustRetryNow({ owesRetry, requests }: World): boolean {
  return owesRetry && !requests.some(({ isRetry }) => isRetry);
}

function timePasses(world: World, { leeway, requestTakes, serverTakes }: Model): Step<World> {
  // One more than the rule must distinguish, so that a rule that is wrong by one tick shows.
  const oldestThatMatters = leeway + serverTakes + 1;
  const to = {
    ...world,
    begun: world.begun.map((age) => Math.min(age + 1, oldestThatMatters)),
    requests: world.requests.map((request) => ({
      ...request,
      age: requestTakes === null ? 0 : request.age + 1,
      clockAge: isAtServer(request) ? request.clockAge + 1 : 0,
    })),
  };
  return { what: 'a tick passes', to };
}

function isAtServer({ stage }: Request): boolean {
  return stage === 'clock read' || stage === 'not updated';
}

function send(world: World, { leeway }: Model): Step<World> {
  const wasDead = supersededFor(world, world.jar) >= leeway;
  const request = { ...sent(world.jar), isRetry: world.owesRetry, wasDead };
  return {
    what: `the browser sends ${nameOf(world, world.jar)}`,
    to: { ...world, requests: [...world.requests, request] },
  };
}

/** A browser repeats a POST by itself, with the same headers, when its kept-alive connection breaks. */
function repeat(world: World, request: Request): Step<World> {
  const again: Request = { ...request, stage: 'on its way', cookie: null };
  return {
    what: `the browser repeats its request with ${nameOf(world, request.token)}`,
    to: withRequest(world, request, again),
  };
}

function arrive(world: World, request: Request): Step<World> {
  return {
    what:
      request.cookie === null
        ? `the response to ${nameOf(world, request.token)} arrives, without a cookie`
        : `${nameOf(world, request.cookie)} arrives`,
    to: {
      ...withRequest(world, request, null),
      jar: request.cookie ?? world.jar,
      owesRetry: world.owesRetry && !request.isRetry,
    },
  };
}

function lose(world: World, request: Request, left: Request | null): Step<World> {
  const lost = request.stage === 'responded' ? 'response to' : 'request with';
  const { requests } = withRequest(world, request, left);
  return {
    what: `the ${lost} ${nameOf(world, request.token)} is ${left === null ? 'lost' : 'given up'}`,
    to: {
      ...world,
      requests: requests.map((other) => ({ ...other, isRetry: false })),
      owesRetry: true,
      lossesLeft: world.lossesLeft - 1,
    },
  };
}

function serve(world: World, request: Request, model: Model): Step<World> {
  if (model.serverTakes > 0 && request.stage === 'on its way') {
    return {
      what: `the server reads its clock for ${nameOf(world, request.token)}`,
      to: withRequest(world, request, { ...request, stage: 'clock read' }),
    };
  }
  const token = request.token!;
  const verdict = verdictOn(world, request, model);
  const response = (cookie: number | null): Step<World> => ({
    what: `the server judges ${nameOf(world, token)}: ${verdict}`,
    to: withRequest(
      world,
      request,
      request.isGivenUp ? null : { ...request, stage: 'responded', clockAge: 0, cookie },
    ),
  });

  if (verdict === 'rotated' && request.stage !== 'not updated') {
    const { what, to } = response(token + 1);
    return { what, to: { ...to, begun: [...world.begun, request.clockAge] } };
  }
  if (request.stage === 'clock read') {
    return {
      what: `the server's update for ${nameOf(world, token)} changes nothing`,
      to: withRequest(world, request, { ...request, stage: 'not updated' }),
    };
  }
  if (verdict === 'renewed') return response(model.youngSetsCookie ? token : null);
  if (verdict === 'replayed') return response(token + 1);
  return { ...response(null), refused: true };
}

function verdictOn({ begun }: World, { token, clockAge }: Request, model: Model): Verdict {
  const generation = begun.length - 1;
  const row: SessionRow = {
    ...WHOSE,
    id: SESSION,
    tokenHash: hashOf(generation),
    generation,
    createdAt: 0,
    rotatedAt: NOW - begun[generation]! * TICK_MS,
    expiresAt: WHOSE.absoluteExpiresAt,
    revokedAt: null,
    revokedReason: null,
    ip: null,
    userAgent: null,
  };
  const presented: JudgedToken = {
    ...WHOSE,
    generation: token!,
    tokenHash: hashOf(token!),
    nextTokenHash: hashOf(token! + 1),
  };
  return model.rule(row, presented, NOW - clockAge * TICK_MS, model.leeway * TICK_MS);
}

function hashOf(generation: number): string {
  const hash = HASHES[generation];
  if (hash === undefined)
    throw new Error(`The chain has no generation ${generation}: lengthen it.`);
  return hash;
}

function chainOfHashes(length: number): string[] {
  const ratchetKey = createSecretKey(Buffer.alloc(32, 7));
  const hashes: string[] = [];
  let secret = 'the secret of generation 0';
  for (let generation = 0; generation < length; generation += 1) {
    hashes.push(hashSecret(secret));
    secret = nextSecret(ratchetKey, { sessionId: SESSION, generation, secret });
  }
  return hashes;
}
