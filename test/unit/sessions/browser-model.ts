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

/** Who takes how long, in ticks. What nobody promised to keep to is left out of the search. */
export interface Model {
  rule: typeof judge;
  leeway: number;
  inFlight: number;
  /** How many requests or answers may be lost. */
  losses: number;
  /** After a token is superseded, the requests that carry it are over in less than this. */
  wholeDelay: number;
  /** When the browser sends again what was lost: so soon that the whole delay is kept, without any delay, or whenever. */
  retries: 'in time' | 'at once' | 'some day';
  /** The longest way of a request and its answer together; null for any. */
  requestTakes: number | null;
  /**
   * How long the server may take from its look at the clock to its verdict; a clock that is behind is the same.
   * With 0 it looks at the clock, updates, and looks at the row in one step; else others come between.
   */
  serverTakes: number;
  /** Whether the browser may give up a request that the server gets all the same, be it after later ones. */
  givesUp: boolean;
  youngSetsCookie: boolean;
}

const TICK_MS = 1000;
const NOW = 1_900_000_000_000;
const SESSION = 'one-session';
const WHOSE = { userId: 'honest', absoluteExpiresAt: NOW + 1e9 };
const HASHES = chainOfHashes(16);

/** Every step that somebody can take next. A refusal is the failure that is searched for. */
export function stepsFrom(world: World, model: Model): Step<World>[] {
  const steps: Step<World>[] = [];
  if (model.retries !== 'at once' || !mustRetryNow(world)) steps.push(timePasses(world, model));
  if (world.jar !== null && world.requests.length < model.inFlight) steps.push(send(world, model));
  for (const request of world.requests) {
    if (request.stage === 'answered') {
      steps.push(arrive(world, request));
      if (request.token !== null) steps.push(repeat(world, request));
    } else {
      steps.push(serve(world, request, model));
    }
    if (world.lossesLeft > 0 && request.token !== null && !request.isGivenUp) {
      steps.push(lose(world, request, null));
      if (model.givesUp && request.stage !== 'answered')
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
  // One more than the rule should tell apart, so that a rule that is one off is not a rule that never turns.
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

/** A browser repeats a POST by itself, with the headers it had, when a kept-alive connection dies under it. */
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
        ? `the answer to ${nameOf(world, request.token)} arrives, without a cookie`
        : `${nameOf(world, request.cookie)} arrives`,
    to: {
      ...withRequest(world, request, null),
      jar: request.cookie ?? world.jar,
      owesRetry: world.owesRetry && !request.isRetry,
    },
  };
}

function lose(world: World, request: Request, left: Request | null): Step<World> {
  const lost = request.stage === 'answered' ? 'answer to' : 'request with';
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
      what: `the server looks at its clock for ${nameOf(world, request.token)}`,
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
      request.isGivenUp ? null : { ...request, stage: 'answered', clockAge: 0, cookie },
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
