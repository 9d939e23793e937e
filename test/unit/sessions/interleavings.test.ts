import { describe, expect, it } from '@jest/globals';
import { judge, type Verdict } from '../../../src/sessions/verdict.js';
import { stepsFrom, type Model } from './browser-model.js';
import { keyOf, loggedIn, whileLoginResponseIsOnItsWay, type World } from './browser-world.js';
import { search, type Found } from './exhaustive-search.js';

const LEEWAY = 4;

/**
 * Any number of requests, three at a time; any number of them lost or repeated by the browser. Within a leeway of a
 * rotation, every request with the old token has ended, and a lost one is repeated.
 */
const promised: Model = {
  rule: judge,
  leeway: LEEWAY,
  inFlight: 3,
  losses: Infinity,
  wholeDelay: LEEWAY,
  retries: 'in time',
  requestTakes: null,
  serverTakes: 0,
  givesUp: false,
  youngSetsCookie: false,
};

/** The whole delay has no limit: each request alone is fast, and a lost one is repeated at once. */
const timed: Model = { ...promised, wholeDelay: Infinity, retries: 'at once' };

describe('an honest browser, in every interleaving', () => {
  it('is never refused after its login, with three requests in flight and one lost response', () => {
    const { story, worlds, verdicts } = explore({ ...promised, losses: 1 });

    expect(story).toBeNull();
    expect(worlds).toBeGreaterThan(1500);
    expect(verdicts).toEqual(new Set(['rotated', 'replayed', 'renewed']));
  });

  it('is never refused with four requests in flight and any number of lost responses', () => {
    const { story, worlds } = explore({ ...promised, inFlight: 4 });

    expect(story).toBeNull();
    expect(worlds).toBeGreaterThan(5000);
  });

  it('is never refused when others come between reading the clock, the update and reading the row', () => {
    const { story, worlds, verdicts } = explore({
      ...promised,
      leeway: 3,
      wholeDelay: 3,
      serverTakes: 2,
    });

    expect(story).toBeNull();
    expect(worlds).toBeGreaterThan(20_000);
    expect(verdicts).toEqual(new Set(['rotated', 'replayed', 'renewed']));
  });

  it.each([
    { leeway: 3, requestTakes: 1, serverTakes: 0, losses: 0 },
    { leeway: 5, requestTakes: 2, serverTakes: 0, losses: 0 },
    { leeway: 7, requestTakes: 3, serverTakes: 0, losses: 0 },
    { leeway: 4, requestTakes: 1, serverTakes: 0, losses: 1 },
    { leeway: 4, requestTakes: 1, serverTakes: 1, losses: 1 },
    { leeway: 7, requestTakes: 2, serverTakes: 0, losses: 1 },
  ])(
    'is never refused with a leeway of $leeway when a request takes $requestTakes, the server $serverTakes of it, lost: $losses',
    (times) => {
      const { story, worlds } = explore({ ...timed, ...times });

      expect(story).toBeNull();
      expect(worlds).toBeGreaterThan(400);
    },
  );
});

describe('the leeway does not cover', () => {
  it.each([
    { leeway: 2, requestTakes: 1, losses: 0 },
    { leeway: 4, requestTakes: 2, losses: 0 },
    { leeway: 4, requestTakes: 3, losses: 0 },
    { leeway: 3, requestTakes: 1, losses: 1 },
    { leeway: 6, requestTakes: 2, losses: 1 },
  ])(
    'a leeway of $leeway is too short when a request takes $requestTakes, lost: $losses',
    (times) => {
      expect(explore({ ...timed, ...times }).story).not.toBeNull();
    },
  );

  it('a browser that sends the old token just before its late successor arrives', () => {
    const { story } = explore({ ...timed, losses: 0, requestTakes: LEEWAY - 1 }, loggedIn);

    expect(story).toEqual([
      'the browser sends R0',
      'the server judges R0: rotated',
      ...ticks(3),
      'the browser sends R0',
      'R1 arrives',
      ...ticks(1),
      'the server judges R0: reused',
    ]);
  });

  it('a browser that does not return within a leeway of a lost response', () => {
    const { story } = explore({ ...promised, retries: 'some day' }, loggedIn);

    expect(story).toEqual([
      'the browser sends R0',
      'the server judges R0: rotated',
      ...ticks(3),
      'the response to R0 is lost',
      ...ticks(1),
      'the browser sends R0',
      'the server judges R0: reused',
    ]);
  });

  it('a timed-out request that rotates the session after the retry got its response', () => {
    const fast = { ...timed, requestTakes: 1, leeway: 5 };
    const { story } = explore({ ...fast, losses: 1, givesUp: true }, loggedIn);

    expect(story!.filter((what) => what !== ticks(1)[0])).toEqual([
      'the browser sends R0',
      'the server judges R0: rotated',
      'R1 arrives',
      'the browser sends R1',
      'the request with R1 is given up',
      'the browser sends R1',
      'the server judges R1: renewed',
      'the server judges R1: rotated',
      'the response to R1 arrives, without a cookie',
      'the browser sends R1',
      'the server judges R1: reused',
    ]);
  });
});

describe('the search finds the false logout caused by', () => {
  it('a rotation on every use, as with a mere grace window: seven steps, no time, nothing lost', () => {
    const rule = instead({ renewed: () => 'rotated' });
    const { story } = explore({ ...promised, rule, inFlight: 2, losses: 0 }, loggedIn);

    expect(story).toEqual([
      'the browser sends R0',
      'the browser sends R0',
      'the server judges R0: rotated',
      'R1 arrives',
      'the browser sends R1',
      'the server judges R1: rotated',
      'the server judges R0: reused',
    ]);
  });

  it('a rule without a grace window: four steps', () => {
    const rule = instead({ replayed: () => 'reused' });
    const { story } = explore({ ...promised, rule, losses: 0 }, loggedIn);

    expect(story).toEqual([
      'the browser sends R0',
      'the browser sends R0',
      'the server judges R0: rotated',
      'the server judges R0: reused',
    ]);
  });

  it('a cookie in the response to a renewal: it comes late and restores a dead token', () => {
    const { story } = explore({ ...promised, youngSetsCookie: true, losses: 0 }, loggedIn);

    expect(story).toHaveLength(19);
    expect(story!.slice(-5)).toEqual([
      'R2 arrives',
      'R1 arrives',
      ...ticks(1),
      'the browser sends R1',
      'the server judges R1: reused',
    ]);
  });

  it('a session that may rotate again a tick before its predecessor is forgotten', () => {
    const rule = instead({ renewed: judgeWithShorterLeeway });
    const { story } = explore({ ...promised, rule, losses: 0 }, loggedIn);

    expect(story?.at(-1)).toBe('the server judges R0: reused');
  });

  it('a predecessor that is forgotten a tick before its leeway ends', () => {
    const rule = instead({ replayed: judgeWithShorterLeeway });
    const { story } = explore({ ...promised, rule, losses: 0 }, loggedIn);

    expect(story?.at(-1)).toBe('the server judges R0: reused');
  });
});

function explore(
  model: Model,
  start: (losses: number) => World = whileLoginResponseIsOnItsWay,
): Found & { verdicts: Set<Verdict> } {
  const verdicts = new Set<Verdict>();
  const rule: typeof judge = (...call) => {
    const verdict = model.rule(...call);
    verdicts.add(verdict);
    return verdict;
  };
  const watched = { ...model, rule };
  return { ...search(start(model.losses), keyOf, (world) => stepsFrom(world, watched)), verdicts };
}

/** The real rule, with some verdicts changed. */
function instead(changes: Partial<Record<Verdict, typeof judge>>): typeof judge {
  return (...call) => {
    const verdict = judge(...call);
    return changes[verdict]?.(...call) ?? verdict;
  };
}

function judgeWithShorterLeeway(...[row, presented, now, leewayMs]: Parameters<typeof judge>) {
  return judge(row, presented, now, leewayMs - leewayMs / LEEWAY);
}

function ticks(count: number): string[] {
  return Array.from({ length: count }, () => 'a tick passes');
}
