import { describe, expect, it, jest } from '@jest/globals';
import type { RefreshTokenStore } from 'nestjs-refresh-auth';
import {
  MemoryRefreshTokenStore,
  refreshTokenStoreConformance,
  type ConformanceCase,
} from 'nestjs-refresh-auth/testing';
import { bound, but } from './mutants/instances.js';

const BY_INSTANCES =
  'all methods: What one instance of the store wrote, every other instance reads.';
const TYPES = 'all methods: Every value comes back as the type';
const CLOCK = 'all methods: The time is what the caller says';
const VERDICT = 'rotate: Rotates exactly where the module';

/** The case whose name begins so. */
function caseOf(cases: ConformanceCase[], name: string): ConformanceCase {
  return cases.find((each) => each.name.startsWith(name))!;
}

async function failureOf(open: () => Promise<RefreshTokenStore>, name: string): Promise<string> {
  const run = caseOf(refreshTokenStoreConformance(open), name).run();
  return run.then(
    () => 'green',
    (error: unknown) => (error as Error).message,
  );
}

async function warningsOf(openStore: () => RefreshTokenStore): Promise<string[]> {
  const said = jest.spyOn(process, 'emitWarning').mockImplementation(() => {});
  try {
    const cases = refreshTokenStoreConformance(openStore);
    for (let round = 0; round < 2; round += 1) await caseOf(cases, BY_INSTANCES).run();
    await caseOf(cases, 'insert: Of several').run();
    return said.mock.calls.map(([text]) => String(text));
  } finally {
    said.mockRestore();
  }
}

/** Stores on the same sessions, and how many of them are open now and were opened at all. */
function connections() {
  const right = new MemoryRefreshTokenStore();
  const count = { open: 0, opened: 0 };
  const openStore = () => {
    count.open += 1;
    count.opened += 1;
    return { store: bound(right), close: async () => void (count.open -= 1) };
  };
  return { openStore, count };
}

const unclosable = () => ({
  store: new MemoryRefreshTokenStore(),
  close: async () => Promise.reject(new Error('still in use')),
});

const never = async () => new Promise<never>(() => {});

describe('the connections of the stores under test', () => {
  it('are two in each case, and are closed after it', async () => {
    const { openStore, count } = connections();
    for (const { name, run } of refreshTokenStoreConformance(openStore)) {
      if (!name.startsWith('rotate')) continue;
      count.opened = 0;
      await run();
      expect(count.opened).toBeLessThanOrEqual(2);
      expect(count.open).toBe(0);
    }
  });

  it('are closed after a case that fails', async () => {
    let closed = 0;
    const openStore = async () => ({
      store: { ...bound(new MemoryRefreshTokenStore()), find: async () => null },
      close: () => void (closed += 1),
    });
    const run = caseOf(refreshTokenStoreConformance(openStore), 'find').run();
    await expect(run).rejects.toThrow(/^find: /);
    expect(closed).toBe(1);
  });

  it('are closed once if one store is returned twice, and a store with a close of its own stays open', async () => {
    let closed = 0;
    const one = { store: new MemoryRefreshTokenStore(), close: () => void (closed += 1) };
    await caseOf(
      refreshTokenStoreConformance(() => one),
      BY_INSTANCES,
    ).run({ skip: () => {} });
    expect(closed).toBe(1);
    const own = Object.assign(new MemoryRefreshTokenStore(), one);
    await caseOf(
      refreshTokenStoreConformance(() => own),
      TYPES,
    ).run();
    expect(closed).toBe(1);
  });

  it('that fail to close fail the case', async () => {
    const run = caseOf(refreshTokenStoreConformance(unclosable), TYPES).run();
    await expect(run).rejects.toThrow('still in use');
  });
});

describe('two instances at once', () => {
  it('are not tried with one store, and a warning says so once', async () => {
    const store = new MemoryRefreshTokenStore();
    expect(await warningsOf(() => store)).toEqual([
      expect.stringMatching(/^Not tried: two instances of the app at once/u),
    ]);
  });

  it('are shown as skipped by a runner that can skip', async () => {
    const store = new MemoryRefreshTokenStore();
    const context = {
      skipped: [] as string[],
      skip(reason: string) {
        this.skipped.push(reason);
      },
    };
    for (const { run } of refreshTokenStoreConformance(() => store).slice(0, 5)) await run(context);
    expect(context.skipped).toEqual([expect.stringMatching(/^Not tried: two instances/u)]);
  });

  it('are tried with another store on the same sessions, without a warning', async () => {
    const right = new MemoryRefreshTokenStore();
    expect(await warningsOf(() => bound(right))).toEqual([]);
  });

  it('fail, with what to change, if the stores share nothing', async () => {
    const message = await failureOf(async () => new MemoryRefreshTokenStore(), BY_INSTANCES);
    expect(message).toMatch(/the second does not find what the first inserted. Give both the same/);
  });
});

describe('optional methods that are missing', () => {
  it('show their cases as skipped', async () => {
    const { keepTime: _, keptTime: __, ...store } = bound(new MemoryRefreshTokenStore());
    const reasons: string[] = [];
    for (const { name, run } of refreshTokenStoreConformance(() => store)) {
      if (/^kee?p.*Time/.test(name)) await run({ skip: (reason: string) => reasons.push(reason) });
    }
    expect(reasons).toHaveLength(2);
    expect(reasons[0]).toMatch(/^Not tried: the store has no keepTime\(\) and keptTime\(\)/);
  });
});

describe('a case that takes too long', () => {
  it('fails, and names the call that never settled', async () => {
    const store = bound(new MemoryRefreshTokenStore());
    const cases = refreshTokenStoreConformance(() => ({ ...store, find: never }), {
      timeLimitMs: 50,
    });
    await expect(caseOf(cases, 'find').run()).rejects.toThrow(
      /^find: .*\nNot done within 0.05 seconds. find\(\) has not settled/,
    );
  });
});

describe('the message of a case that fails', () => {
  it('names the method, the field and the right type for numbers that come back as texts', async () => {
    const open = but((right) => ({
      find: async (id) => {
        const row = await right.find(id);
        return row && { ...row, expiresAt: String(row.expiresAt) as unknown as number };
      },
    }));
    expect(await failureOf(open, TYPES)).toMatch(
      /find\(\) returned a session whose expiresAt is a text: it has to be a whole number/,
    );
  });

  it('says that no session has a time to live, for a store that deletes by the clock', async () => {
    const open = but((right) => ({
      find: async (id) => {
        const row = await right.find(id);
        return row !== null && row.absoluteExpiresAt > Date.now() ? row : null;
      },
    }));
    expect(await failureOf(open, CLOCK)).toMatch(/no time to live in the store.*2001/);
  });

  it('names the verdict and how the token differs, for a token that must not rotate', async () => {
    const open = but((right) => ({
      rotate: async (rotation) => {
        const { absoluteExpiresAt } = (await right.find(rotation.id))!;
        return right.rotate({ ...rotation, absoluteExpiresAt });
      },
    }));
    expect(await failureOf(open, VERDICT)).toMatch(
      /has to say false for a token that has an absoluteExpiresAt a second later than the row: the verdict is `reused`/,
    );
  });

  it('says that a moment counts too, for a store that returns only what was revoked later', async () => {
    const open = but((right) => ({ revokedSince: async (since) => right.revokedSince(since + 1) }));
    expect(await failureOf(open, CLOCK)).toMatch(/revokedSince\(\d+\) leaves out the session/);
  });

  it('ends with the last call and what came of it', async () => {
    const open = but(() => ({ revoke: async () => 0 }));
    expect(await failureOf(open, 'revoke: Revokes expired')).toMatch(
      /\nThe last call: revoke\(\{"id":"\w+"\}, "revoked", \d+\) returned 0$/,
    );
  });
});
