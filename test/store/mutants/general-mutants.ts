import type { SessionRow } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore } from 'nestjs-refresh-auth/testing';
import { but, instances } from './instances.js';
import { lockedInMemory } from './locked-in-memory.js';
import { edited, type Mutants } from './mutated-memory-store.js';
import { turn } from './pauses.js';
import { indexed } from './user-index.js';

const found = 'const row = this.#rows.get(id);';
const rotated = 'this.#rows.get(rotation.id);';
const revokedId = 'row.id === target.id &&';
const rotatedUser = 'row.userId === rotation.userId &&';
const listedUser = 'row.userId === userId && isLive';
const revokedUser = 'row.userId === target.userId && row.id';
const users = {
  'rotate ': (same: string) =>
    edited(rotatedUser, `${same.replace('OTHER', 'rotation.userId')} &&`),
  'listActive ': (same: string) =>
    edited(listedUser, `${same.replace('OTHER', 'userId')} && isLive`),
  'revoke ': (same: string) =>
    edited(revokedUser, `${same.replace('OTHER', 'target.userId')} && row.id`),
};
const careless = {
  'ignores case': '((a, b) => a.toLowerCase() === b.toLowerCase())(row.userId, OTHER)',
  'ignores accents':
    "((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }) === 0)(row.userId, OTHER)",
  'ignores the Unicode form': '((a, b) => a.normalize() === b.normalize())(row.userId, OTHER)',
  'ignores width': "((a, b) => a.normalize('NFKC') === b.normalize('NFKC'))(row.userId, OTHER)",
  'reads numbers': '((a, b) => a === b || Number(a) === Number(b))(row.userId, OTHER)',
  'ignores spaces at the end': '((a, b) => a.trimEnd() === b.trimEnd())(row.userId, OTHER)',
  trims: '((a, b) => a.trim() === b.trim())(row.userId, OTHER)',
  'ignores invisible characters':
    "((a, b) => a.replace(/\\u200d/gu, '') === b.replace(/\\u200d/gu, ''))(row.userId, OTHER)",
  'takes a pattern of one':
    "((a, b) => a === b || (b.endsWith('_') && a.length === b.length && a.startsWith(b.slice(0, -1))))(row.userId, OTHER)",
  'ignores a backslash at the end':
    "((a, b) => a.replace(/\\\\$/u, '') === b.replace(/\\\\$/u, ''))(row.userId, OTHER)",
  'compares the first 64 characters':
    '((a, b) => a.slice(0, 64) === b.slice(0, 64))(row.userId, OTHER)',
  'compares the first 254 characters':
    '((a, b) => a.slice(0, 254) === b.slice(0, 254))(row.userId, OTHER)',
};

const put = 'this.#rows.set(session.id, { ...session });';
const rotates = 'Object.assign(row, next, { rotatedAt: now });';
const deletes = 'for (const { id } of slice) this.#rows.delete(id);';
/** Like a store that keeps all sessions of a user as one value, which is read, changed and written. */
const writesUserBack = (change: string) =>
  `const piece = new Map([...this.#rows].filter(([, each]) => each.userId === session.userId).map(([id, each]) => [id, { ...each }]));
   ${turn}
   for (const [id, each] of this.#rows) if (each.userId === session.userId) this.#rows.delete(id);
   for (const [id, each] of piece) this.#rows.set(id, each);
   ${change.replace('Object.assign(row,', 'Object.assign(this.#rows.get(row.id),')}`;
const writesBack = `const left = [...this.#rows].filter(([, each]) => !slice.includes(each)).map(([id, each]) => [id, { ...each }]);
   ${turn} this.#rows.clear(); for (const [id, each] of left) this.#rows.set(id, each);`;

const twoMsLater = (work: () => unknown) => void setTimeout(work, 2);

/** Returns its earlier result again. */
function remembering<Query extends unknown[], Result>(
  call: (...query: Query) => Promise<Result>,
): (...query: Query) => Promise<Result> {
  const responses = new Map<string, Promise<Result>>();
  return async (...query) => {
    const key = JSON.stringify(query);
    if (!responses.has(key)) responses.set(key, call(...query));
    return responses.get(key)!;
  };
}

export const generalMutants: Mutants = {
  'all methods: Session ids are compared exactly, and an id that no session has is no error.': {
    'find ignores case': edited(found, 'const row = this.#rows.get(id.toLowerCase());'),
    'find trims': edited(found, 'const row = this.#rows.get(id.trim());'),
    'find ignores spaces at the end': edited(found, 'const row = this.#rows.get(id.trimEnd());'),
    'find takes a beginning': edited(
      found,
      'const row = [...this.#rows.values()].find((each) => each.id.startsWith(id));',
    ),
    'find takes a longer id': edited(
      found,
      'const row = [...this.#rows.values()].find((each) => id.startsWith(each.id));',
    ),
    'find takes a pattern': edited(
      found,
      `const pattern = new RegExp('^' + id.replaceAll(/[^0-9a-z%_]/gu, '.').replaceAll('%', '.*').replaceAll('_', '.') + '$', 'u');
       const row = [...this.#rows.values()].find((each) => pattern.test(each.id));`,
    ),
    'find takes what any object has': edited(found, 'const row = this.#rows.get(id) ?? {}[id];'),
    'ids in capitals are the same': edited(
      'if (this.#rows.has(session.id)) throw',
      'if (this.#rows.has(session.id.toLowerCase())) throw',
    ),
    'find rejects what is no session id': edited(
      found,
      `if (!/^[0-9a-f]{32}$/u.test(id)) throw new Error('invalid id'); ${found}`,
    ),
    'rotate ignores case': edited(rotated, 'this.#rows.get(rotation.id.toLowerCase());'),
    'rotate trims': edited(rotated, 'this.#rows.get(rotation.id.trim());'),
    'revoke ignores case': edited(revokedId, 'row.id === target.id.toLowerCase() &&'),
    'revoke takes a beginning': edited(revokedId, 'row.id.startsWith(target.id) &&'),
    'revoke trims': edited(revokedId, 'row.id === target.id.trim() &&'),
    'revoke rejects an unknown id': edited(
      'return ended.length;',
      "if (target.id && !this.#rows.has(target.id)) throw new Error('none'); return ended.length;",
    ),
  },
  'all methods: User ids are compared exactly: case, accents, width, spaces and Unicode form count, and none is read as a number.':
    Object.fromEntries(
      Object.entries(users).flatMap(([method, mutated]) =>
        Object.entries(careless).map(([what, same]) => [method + what, mutated(same)]),
      ),
    ),
  'all methods: What one call wrote, every later call reads.': {
    'find remembers': but((right) => ({ find: remembering(async (id) => right.find(id)) })),
    'find remembers what is not there': but((right) => {
      const unknown = new Set<string>();
      return {
        find: async (id) => {
          const row = unknown.has(id) ? null : await right.find(id);
          if (row === null) unknown.add(id);
          return row;
        },
      };
    }),
    'listActive remembers': but((right) => ({
      listActive: remembering(async (...query) => right.listActive(...query)),
    })),
    'revokedSince remembers': but((right) => ({
      revokedSince: remembering(async (since) => right.revokedSince(since)),
    })),
    'insert writes later': but((right) => ({
      insert: async (session) => twoMsLater(async () => right.insert(session)),
    })),
    'revoke writes later': but((right) => ({
      revoke: async (...revocation) => {
        twoMsLater(async () => right.revoke(...revocation));
        return 1;
      },
    })),
    'revoke is not seen by find': but((right) => ({
      find: async (id) => {
        const row = await right.find(id);
        return row === null ? null : { ...row, revokedAt: null, revokedReason: null };
      },
    })),
    'rotate is seen by find later': but((right) => {
      const old = new Map<string, SessionRow | null>();
      return {
        rotate: async (rotation) => {
          old.set(rotation.id, await right.find(rotation.id));
          twoMsLater(() => old.delete(rotation.id));
          return right.rotate(rotation);
        },
        find: async (id) => old.get(id) ?? right.find(id),
      };
    }),
    "insert writes the user's sessions back": edited(put, writesUserBack(put)),
    "insert writes the user's sessions back, with a lock in memory": lockedInMemory(
      put,
      writesUserBack(put),
    ),
    "rotate writes the user's sessions back": edited(
      rotates,
      `const session = row; ${writesUserBack(rotates)}`,
    ),
    "rotate writes the user's sessions back, with a lock in memory": lockedInMemory(
      rotates,
      `const session = row; ${writesUserBack(rotates)}`,
    ),
    'deleteEnded writes back what it leaves': edited(deletes, writesBack),
    'deleteEnded writes back what it leaves, with a lock in memory': lockedInMemory(
      deletes,
      writesBack,
    ),
    'deleteEnded deletes later': but((right) => ({
      deleteEnded: async (before, limit) => {
        twoMsLater(async () => right.deleteEnded(before, limit));
        return { found: 0, deleted: 0 };
      },
    })),
  },
  'all methods: What one instance of the store wrote, every other instance reads.': {
    'shares nothing with another instance': async () => new MemoryRefreshTokenStore(),
    'an instance knows only what it found itself': instances((right) => {
      const known = new Map<string, SessionRow | null>();
      const forget = (ids: Iterable<string>) => [...ids].forEach((id) => known.delete(id));
      return {
        find: async (id) => {
          if (!known.has(id)) known.set(id, await right.find(id));
          return known.get(id)!;
        },
        insert: async (session) => right.insert(session).finally(() => forget([session.id])),
        rotate: async (rotation) => right.rotate(rotation).finally(() => forget([rotation.id])),
        revoke: async (...how) => right.revoke(...how).finally(() => forget(known.keys())),
        deleteEnded: async (...which) => {
          forget(known.keys());
          return right.deleteEnded(...which);
        },
      };
    }),
    'an instance knows only what was put in by itself': indexed({ isInMemory: true }),
    'an instance remembers what it did not find': instances((right) => {
      const unknown = new Set<string>();
      return {
        find: async (id) => {
          const row = unknown.has(id) ? null : await right.find(id);
          if (row === null) unknown.add(id);
          return row;
        },
        insert: async (session) => {
          unknown.delete(session.id);
          await right.insert(session);
        },
      };
    }),
    'an instance returns only what it revoked itself': instances((right) => {
      let remembered: { id: string; revokedAt: number }[] | null = null;
      return {
        revokedSince: async (since) => (remembered ??= await right.revokedSince(since)),
        revoke: async (...how) => {
          remembered = null;
          return right.revoke(...how);
        },
        deleteEnded: async (...which) => {
          remembered = null;
          return right.deleteEnded(...which);
        },
      };
    }),
  },
  'all methods: The time is what the caller says: no method reads a clock.': {
    'rotate uses its own clock for the expiry': edited(
      'row.expiresAt > now;\n    if',
      'row.expiresAt > Date.now();\n    if',
    ),
    'rotate uses its own clock for rotatedAt': edited(
      'rotatedAt: now });',
      'rotatedAt: Date.now() });',
    ),
    'listActive uses its own clock': edited('isLive(row, now))', 'isLive(row, Date.now()))'),
    'revoke uses its own clock': edited('Math.max(now, row.rotatedAt)', 'Date.now()'),
    'revokedSince uses its own clock': edited(
      'revokedAt >= since ?',
      'revokedAt >= since && revokedAt <= Date.now() ?',
    ),
    'revokedSince reads back from its own time': edited(
      'revokedAt >= since ?',
      'revokedAt >= Math.max(since, Date.now() - 60_000) ?',
    ),
    'deleteEnded uses its own clock': edited(
      'const ended = [...this.#rows.values()].filter(\n      ({',
      'before = Math.min(before, Date.now());\n const ended = [...this.#rows.values()].filter(\n      ({',
    ),
  },
  "all methods: A store doesn't change the objects that it receives, and keeps none that a caller could change later.":
    {
      'insert keeps what it receives': edited('{ ...session });\n  }', 'session);\n  }'),
      'insert changes what it receives': edited(
        'this.#rows.set(session.id,',
        "session.userAgent ??= ''; session.userAgent ||= null; session.rotatedAt += 1; this.#rows.set(session.id,",
      ),
      'find returns what it keeps': edited('? null : { ...row }', '? null : row'),
      'listActive returns what it keeps': edited('.map((row) => ({ ...row }))', ''),
      'rotate changes the rotation': edited(
        'Object.assign(row, next, {',
        'rotation.generation += 1; Object.assign(row, next, {',
      ),
      'rotate changes what comes next': edited(
        'Object.assign(row, next, { rotatedAt: now });',
        'Object.assign(row, Object.assign(next, { rotatedAt: now }));',
      ),
      'rotate keeps what comes next': edited(
        'Object.assign(row, next, { rotatedAt: now });',
        `this.#rows.set(row.id, new Proxy({ ...row, rotatedAt: now }, {
           get: (kept, key) => (key in next ? next[key] : kept[key]),
           getOwnPropertyDescriptor: (kept, key) => key in next
             ? { value: next[key], enumerable: true, configurable: true, writable: true }
             : Reflect.getOwnPropertyDescriptor(kept, key),
         }));`,
      ),
      'revoke changes its target': edited(
        'return ended.length;',
        "if (typeof target === 'object') delete target.exceptId; return ended.length;",
      ),
    },
};
