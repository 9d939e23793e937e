import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { carelessAddresses, carelessTexts } from './careless-texts.js';
import { instances } from './instances.js';
import { lockedInMemory } from './locked-in-memory.js';
import { edited, type Mutant, type Mutants } from './mutated-memory-store.js';
import { step, turn } from './pauses.js';
import { indexed } from './user-index.js';

const check = 'if (this.#rows.has(session.id)) throw';
const kept = '{ ...session });\n  }';
const keeps = (change: string) => edited(kept, `{ ...session, ${change} });\n  }`);

const put = 'this.#rows.set(session.id, { ...session });';
/** As HSETNX of the id and then a transaction for the rest. */
const reserve = 'this.#rows.set(session.id, { id: session.id });';

/** Whoever asks for the sessions of its user misses it meanwhile. */
function lateInIndex(wait: () => Promise<unknown>): Mutant {
  const listed = new Set<string>();
  return instances((right) => ({
    insert: async (session) => {
      await right.insert(session);
      await wait();
      listed.add(session.id);
    },
    listActive: async (...query) =>
      (await right.listActive(...query)).filter(({ id }) => listed.has(id)),
  }));
}

function lateForRevocation(): Mutant {
  const late = new Set<string>();
  return instances((right) => ({
    insert: async (session) => {
      late.add(session.userId);
      await right.insert(session);
      await nextTurn();
      late.delete(session.userId);
    },
    revoke: async (target, ...how) =>
      target !== 'everything' && !('id' in target) && late.has(target.userId)
        ? 0
        : right.revoke(target, ...how),
  }));
}

export const insertMutants: Mutants = {
  'insert: Stores every field as it is, including null and the empty text.': {
    'loses the token hash': keeps("tokenHash: ''"),
    'starts with generation 0': keeps('generation: 0'),
    'keeps 16 bits of the generation': keeps('generation: session.generation & 0xffff'),
    'takes rotatedAt for createdAt': keeps('createdAt: session.rotatedAt'),
    'takes createdAt for rotatedAt': keeps('rotatedAt: session.createdAt'),
    'takes absoluteExpiresAt for expiresAt': keeps('expiresAt: session.absoluteExpiresAt'),
    'takes expiresAt for absoluteExpiresAt': keeps('absoluteExpiresAt: session.expiresAt'),
    'keeps 32 bits of a time': keeps('expiresAt: session.expiresAt | 0'),
    'keeps whole seconds': keeps('createdAt: session.createdAt - (session.createdAt % 1000)'),
    'forgets revokedAt': keeps('revokedAt: null'),
    'forgets the reason': keeps('revokedReason: null'),
    'forgets the address': keeps('ip: null'),
    'forgets the user agent': keeps('userAgent: null'),
    'cuts the address': keeps('ip: session.ip?.slice(0, 45) ?? null'),
    'cuts the user agent': keeps('userAgent: session.userAgent?.slice(0, 128) ?? null'),
    'keeps the user agent in Latin-1': keeps(
      'userAgent: session.userAgent?.replace(/[^\\0-\\xff]/gu, "?") ?? null',
    ),
    'takes the empty address for none': keeps('ip: session.ip || null'),
    'takes no address for an empty one': keeps("ip: session.ip ?? ''"),
    'takes no user agent for the text null': keeps('userAgent: String(session.userAgent)'),
    ...Object.fromEntries([
      ...Object.entries(carelessTexts).map(([what, text]) => [
        `${what} in the user agent`,
        keeps(`userAgent: session.userAgent && ${text.replaceAll('TEXT', 'session.userAgent')}`),
      ]),
      ...Object.entries(carelessAddresses).map(([what, text]) => [
        `${what} in the address`,
        keeps(`ip: session.ip && ${text.replaceAll('TEXT', 'session.ip')}`),
      ]),
    ]),
    'keeps 24 bits of the generation': keeps('generation: Math.fround(session.generation)'),
    'keeps 30 bits of the generation': keeps('generation: session.generation & 0x3fffffff'),
    'keeps the reissues': keeps('generation: Math.min(session.generation, 2 ** 20)'),
    'keeps whole seconds of the rotation': keeps(
      'rotatedAt: session.rotatedAt - (session.rotatedAt % 1000)',
    ),
    'keeps whole seconds of the revocation': keeps(
      'revokedAt: session.revokedAt && session.revokedAt - (session.revokedAt % 1000)',
    ),
    'stores times as texts': keeps('expiresAt: String(session.expiresAt)'),
  },
  'insert: Rejects an id that is taken, and leaves the session with that id unchanged.': {
    'swallows it': edited(check, 'if (this.#rows.has(session.id)) return; if (false) throw'),
    'replaces the session': edited(check, 'if (false) throw'),
    'replaces a revoked session': edited(
      check,
      'if (this.#rows.get(session.id)?.revokedAt === null) throw',
    ),
    'replaces an expired session': edited(
      check,
      'if (this.#rows.get(session.id)?.expiresAt > session.createdAt) throw',
    ),
    'replaces a session of the same user': edited(
      check,
      'if ((this.#rows.get(session.id)?.userId ?? session.userId) !== session.userId) throw',
    ),
    'swallows the same session': edited(
      check,
      'if (this.#rows.get(session.id)?.tokenHash === session.tokenHash) return;' +
        'if (this.#rows.has(session.id)) throw',
    ),
    'finds it with the sessions of who was rejected': indexed({
      beforeInsert: (index, session) => index.add(session),
    }),
    'rejects it and replaces the session': edited(
      check,
      'const isTaken = this.#rows.has(session.id);' +
        'this.#rows.set(session.id, { ...session }); if (isTaken) throw',
    ),
  },
  'insert: Of several inserts of one id at once, exactly one succeeds.': {
    'reads first and then writes': edited(
      'this.#rows.set(session.id,',
      'await Promise.resolve(); this.#rows.set(session.id,',
    ),
    'reads first and then writes, with a lock in memory': lockedInMemory(
      'this.#rows.set(session.id,',
      `${turn} this.#rows.set(session.id,`,
    ),
  },
  'insert: Shows the session in full or not at all: whoever finds it can list it, rotate it and revoke it.':
    {
      'takes the id a step before the rest': edited(put, `${reserve} ${step} ${put}`),
      'takes the id a turn before the rest': edited(put, `${reserve} ${turn} ${put}`),
      'takes the id before the rest, with a lock in memory': lockedInMemory(
        put,
        `${reserve} ${turn} ${put}`,
      ),
      'writes the client a turn later': edited(
        put,
        `this.#rows.set(session.id, { ...session, ip: null, userAgent: null }); ${turn} ${put}`,
      ),
      'adds it to the sessions of its user a turn later': lateInIndex(nextTurn),
      'adds it a turn later to the sessions that a revocation of its user ends':
        lateForRevocation(),
      'adds it to the sessions of its user two milliseconds later': lateInIndex(async () =>
        pause(2),
      ),
    },
};
