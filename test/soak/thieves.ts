import { COOKIE, type Question } from './checker.js';
import type { Browser, Surroundings } from './browser.js';
import { LEEWAY_MS, TURN_MS } from './clockwork.js';
import type { Fleet } from './fleet.js';
import { becomesTrue, continuesAfter, randomElementOf } from './loop-control.js';

/** Past the leeway on every clock, whichever of them dated the rotation. */
export const LATE_MS = LEEWAY_MS + TURN_MS + 1000;

const FOUND = ['refresh_reused', 'session_revoked'];

interface Theft {
  stolen: string;
  victim: Browser;
  world: Surroundings & { fleet: Fleet };
  signal: AbortSignal;
}

/**
 * Copies the refresh cookie of one browser after the other, and uses it.
 * @returns the token whose theft is not detected yet, because the soak ended before the leeway
 */
export async function stealCookies(
  browsers: readonly Browser[],
  world: Surroundings & { fleet: Fleet },
  signal: AbortSignal,
): Promise<string | null> {
  while (await continuesAfter(100, signal)) {
    const victim = randomElementOf(browsers.filter(({ mayLogOut }) => mayLogOut));
    victim.mayLogOut = false;
    // Wait until its current work ends: it may be logging out.
    await victim.sleep();
    const stolen = await victim.token();
    if (stolen !== null && !world.checker.isEnding(stolen)) {
      const isPlanted = await randomElementOf([useLate, useFirst])({
        stolen,
        victim,
        world,
        signal,
      });
      if (isPlanted && signal.aborted) return stolen;
      if (isPlanted) await expectFound(stolen, world);
    }
    victim.wake();
    victim.mayLogOut = true;
  }
  return null;
}

/** The victim continues, and the thief presents a superseded token. */
async function useLate({ stolen, victim, world, signal }: Theft): Promise<boolean> {
  victim.wake();
  return isLongSuperseded(stolen, world, signal);
}

/** The victim is away, the thief continues, and the victim comes back with a superseded token. */
async function useFirst({ stolen, world, signal }: Theft): Promise<boolean> {
  do {
    await world.clockwork.during(() => present(stolen, world));
  } while (world.checker.supersededAt(stolen) === null && (await continuesAfter(50, signal)));
  await isLongSuperseded(stolen, world, signal);
  return world.checker.supersededAt(stolen) !== null;
}

function isLongSuperseded(
  token: string,
  { checker, fleet }: Surroundings & { fleet: Fleet },
  signal: AbortSignal,
): Promise<boolean> {
  return becomesTrue(() => {
    const supersededAt = checker.supersededAt(token);
    return supersededAt !== null && fleet.now() >= supersededAt + LATE_MS;
  }, signal);
}

/** Thief or victim presents the superseded token: the session must be dead for both. */
export async function expectFound(superseded: string, world: Surroundings): Promise<void> {
  const { checker, figures } = world;
  figures.theftsPlanted += 1;
  checker.expectEnd(superseded);
  const first = await present(superseded, world);
  checker.confirmEnd(superseded);
  const second = await present(checker.newestOf(superseded), world);
  const third = await present(superseded, world);
  const codes = [first, second, third].map(({ status, body }) => (status === 401 ? body.code : ''));
  if (FOUND.includes(codes[0]) && codes[1] === FOUND[1] && codes[2] === FOUND[1]) {
    figures.theftsFound += 1;
  }
}

async function present(token: string, { traffic, checker }: Surroundings) {
  let call: Question | undefined;
  const response = await traffic.insist('/auth/refresh', async () => {
    call = checker.question(token);
    return { cookie: `${COOKIE}=${token}` };
  });
  checker.hear(call!, response);
  return response;
}
