import { generateKeyPairSync } from 'node:crypto';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { AccessKeyInput, AuthModuleOptions } from 'nestjs-refresh-auth';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../harness/test-app.js';
import { Fleet, Visitor } from './fleet.js';

const kind = databaseKinds.find(({ name }) => name === 'PostgreSQL') ?? sqliteKind;

const { privateKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const oldKey: AccessKeyInput = { kid: 'old', algorithm: 'HS256', secret: ACCESS_SECRET };
const newKeys: AccessKeyInput[] = [
  { kid: 'new', algorithm: 'HS256', secret: `${ACCESS_SECRET}-2` },
  { kid: 'new', algorithm: 'ES256', privateKey },
];
const oldSecret = { kid: 'old', secret: REFRESH_SECRET };
const newSecret = { kid: 'new', secret: `${REFRESH_SECRET}-2` };

const options = (
  access: AccessKeyInput[],
  refresh: (typeof oldSecret)[],
): Partial<AuthModuleOptions> => ({
  accessToken: { keys: access },
  refreshToken: { secret: refresh },
});

describe('a change of keys on two instances while eight users come and go,', () => {
  let fleet: Fleet;
  let visitors: Visitor[];

  afterEach(() => fleet.stop());

  async function begin(first: Partial<AuthModuleOptions>): Promise<void> {
    fleet = await Fleet.start(kind, 2, first);
    visitors = Array.from({ length: 8 }, () => new Visitor(fleet));
    for (const visitor of visitors) await visitor.arrive();
  }

  const refusals = () => visitors.flatMap((visitor) => visitor.refusals);
  const visits = () => visitors.reduce((sum, visitor) => sum + visitor.visits, 0);
  const kids = (of: 'access' | 'refresh') => [
    ...new Set(visitors.flatMap((visitor) => [...visitor.kids[of]])),
  ];

  /** Refreshes on each of the two instances in turn, and uses the token on the other one. */
  async function refreshOnEach(visitor: Visitor): Promise<void> {
    await visitor.visit();
    // Without it the next refresh would be sent to the same instance.
    await fleet.send(async () => {});
    await visitor.visit();
  }

  /** All users visit again and again, until a step is done and twice more, while time passes. */
  async function meanwhile(done: Promise<unknown>): Promise<void> {
    const state = { isDone: false };
    const end = done.finally(() => (state.isDone = true));
    await Promise.all(
      visitors.map(async (visitor) => {
        for (let rounds = 0; rounds < 2; rounds += Number(state.isDone)) {
          await visitor.visit();
          fleet.clock.advance({ seconds: 5 });
        }
      }),
    );
    await end;
  }

  it.each(newKeys.map((key) => ({ algorithm: key.algorithm, key })))(
    'from HS256 to $algorithm, announced first, then signing, the old keys removed last, refuses nobody',
    async ({ key }) => {
      await begin(options([oldKey], [oldSecret]));
      await meanwhile(Promise.resolve());
      expect([kids('access'), kids('refresh')]).toEqual([['old'], ['old']]);

      await meanwhile(fleet.replaceAll(options([oldKey, key], [oldSecret, newSecret])));
      expect([kids('access'), kids('refresh')]).toEqual([['old'], ['old']]);

      await meanwhile(fleet.replaceAll(options([key, oldKey], [newSecret, oldSecret])));
      expect([kids('access'), kids('refresh')]).toEqual([
        ['old', 'new'],
        ['old', 'new'],
      ]);

      for (let day = 0; day < 7; day += 1) {
        fleet.clock.advance({ days: 1 });
        await meanwhile(Promise.resolve());
      }
      await meanwhile(fleet.replaceAll(options([key], [newSecret])));
      expect(refusals()).toEqual([]);
      expect(visits()).toBeGreaterThan(8 * 20);
      process.stderr.write(`HS256 to ${key.algorithm}: ${visits()} visits, none refused\n`);
    },
  );

  it('that is not announced fails: the instance without the new key refuses', async () => {
    await begin(options([oldKey], [oldSecret]));
    await meanwhile(fleet.replaceOne(options([newKeys[0]!, oldKey], [oldSecret])));
    await refreshOnEach(visitors[0]!);
    expect(refusals()).toContain('guarded 401 token_invalid');
  });

  it('that removes the old keys too early fails: users with their tokens are refused', async () => {
    await begin(options([oldKey], [oldSecret]));
    await meanwhile(fleet.replaceAll(options([oldKey], [newSecret])));
    expect(refusals()).toContain('refresh 401 refresh_invalid');
  });
});
