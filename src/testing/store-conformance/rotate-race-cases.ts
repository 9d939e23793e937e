import assert from 'node:assert/strict';
import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';
import { hashSecret } from '../../tokens/ratchet.js';
import { atEachMomentOn } from './moments-between.js';
import { DAY, NOW, put, rotatedSession, rotationOf, stored } from './sample-sessions.js';
import { pairOn } from './second-store.js';
import { all, byId, byUser } from './targets.js';
import type { OpenStore, StoreCases } from './store-case.js';

export const rotateRaceCases: StoreCases = {
  "Of several rotations of one generation at once, exactly one wins, and the row is the winner's.":
    oneWins,
  'Beside a revocation it may win or lose, but afterwards the session is revoked, and no rotation wins again.':
    revocationHolds,
};

async function oneWins(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  const stores = await pairOn(store, openStore);
  for (const [generation, leeway] of [
    [0, 30_000],
    [0, 0],
    [8, 30_000],
    [8, 0],
  ] as const) {
    const session = await put(store, { generation });
    const rotations = Array.from({ length: 50 }, (_, index) => {
      const rotation = rotationOf(session, leeway, NOW + index);
      const tokenHash = hashSecret(`successor ${index}`);
      return { ...rotation, next: { ...rotation.next, tokenHash, ip: `192.0.2.${index}` } };
    });
    const results = await Promise.all(
      rotations.map(async (rotation, index) => stores[index % 2]!.rotate(rotation)),
    );
    const winners = rotations.filter((_, index) => results[index]);
    assert.equal(winners.length, 1, 'rotations that won');
    assert.deepEqual(await stored(store, session), rotatedSession(session, winners[0]!));
  }
  await atEachMomentOn(store, openStore, async (inTurn, [one, two]) => {
    const session = await put(store, {});
    const rotations = [rotationOf(session, 0, NOW), rotationOf(session, 0, NOW + 1)] as const;
    const results = await inTurn(
      async () => one.rotate(rotations[0]),
      async () => two.rotate(rotations[1]),
    );
    assert.equal(results.filter(Boolean).length, 1, 'rotations that won');
    const winner = rotations[results[0] ? 0 : 1];
    assert.deepEqual(await stored(store, session), rotatedSession(session, winner));
  });
}

async function revocationHolds(store: RefreshTokenStore, openStore: OpenStore): Promise<void> {
  await store.revoke('everything', 'everything', NOW);
  await atEachMomentOn(store, openStore, async (inTurn, [one, two]) => {
    for (const isRotatedFirst of [true, false]) {
      for (const targetOf of isRotatedFirst ? [byId, byUser, all] : [byId]) {
        const session = await put(store, {});
        const rotation = rotationOf(session);
        const rotate = async () => one.rotate(rotation);
        const revoke = async () => two.revoke(targetOf(session), 'logout', NOW);
        const [isRotated, count] = isRotatedFirst
          ? await inTurn(rotate, revoke)
          : (await inTurn(revoke, rotate)).toReversed();

        assert.equal(count, 1, 'sessions revoked');
        const row = isRotated ? rotatedSession(session, rotation) : session;
        const after = await stored(store, session);
        assert.deepEqual(after, { ...row, revokedAt: NOW, revokedReason: 'logout' });
        for (const token of [session, after]) {
          assert.equal(await one.rotate(rotationOf(token, 0, NOW + DAY / 2)), false);
        }
      }
    }
  });
}
