import { lockedInMemory } from './locked-in-memory.js';
import { edited, type Mutants } from './mutated-memory-store.js';
import { aWhile, step, turn } from './pauses.js';
import { indexed } from './user-index.js';

const meant = '(row) => row.revokedAt === null && isMeant(row, target)';
const assign =
  'Object.assign(row, { revokedAt: Math.max(now, row.rotatedAt), revokedReason: reason });';
const loop = `for (const row of ended) {\n      ${assign}\n    }`;
const count = 'return ended.length;';
const begin = 'const ended = [...this.#rows.values()].filter(\n      (row) => row.revokedAt';
const one = 'row.id === target.id && (target.userId === undefined || row.userId === target.userId)';
const many = 'row.userId === target.userId && row.id !== target.exceptId';
const everything = "if (target === 'everything') return true;";

const rotate = 'Object.assign(row, next, { rotatedAt: now });';

const onlyIf = (condition: string) => edited(meant, `${meant} && ${condition}`);
const writes = (change: string) => edited(assign, `${assign} Object.assign(row, { ${change} });`);
const later = (pause: string) => edited(loop, `${pause} ${loop}`);
/** Ends and counts only live sessions; the only fault is that others may come in between. */
const checked = (pause: string) =>
  edited(
    `${loop}\n    ${count}`,
    `${pause} const alive = ended.filter((row) => row.revokedAt === null);
     for (const row of alive) { ${assign} } return alive.length;`,
  );
const turnIf = (condition: string) => `if (${condition}) ${turn}`;
/** Takes this many at a time, and then waits for one turn of the event loop. */
const slices = (length: number, condition: string) =>
  edited(
    `${loop}\n    ${count}`,
    `for (const [index, row] of ended.entries()) {
       ${assign} if (${condition} && index % ${length} === ${length - 1}) ${turn}
     }
     ${count}`,
  );
const oneByOne = (pause: string) =>
  edited(
    `${loop}\n    ${count}`,
    `let count = 0;
     for (const row of ended) { if (row.revokedAt === null) { ${assign} count += 1; } ${pause} }
     return count;`,
  );

export const revokeMutants: Mutants = {
  "revoke: Revokes the session of the target's `id`; if a `userId` is given, only if it is that user's.":
    {
      'takes any user id': edited(one, 'row.id === target.id'),
      'takes the id or the user id': edited(
        one,
        'row.id === target.id || row.userId === target.userId',
      ),
      'forgets which sessions the user has left': indexed({
        afterRevoke: (index, _, row) => row !== null && index.drop(row.userId),
      }),
      'needs a user id': edited(one, 'row.id === target.id && row.userId === target.userId'),
      'revokes nothing': edited(one, 'false'),
      'revokes all but one': edited(one, one.replace('row.id ===', 'row.id !==')),
      "revokes all of the user's": edited(
        one,
        'target.userId === undefined ? row.id === target.id : row.userId === target.userId',
      ),
    },
  "revoke: Revokes all sessions of the target's `userId`, however many, and nobody else's.": {
    'revokes nothing': edited(many, 'false'),
    "revokes everybody's": edited(many, 'row.id !== target.exceptId'),
    "revokes others'": edited(many, many.replace('===', '!==')),
    'revokes those of a longer id': edited(
      many,
      'row.userId.startsWith(target.userId) && row.id !== target.exceptId',
    ),
    'revokes a thousand': edited(`${meant},\n    );`, `${meant},\n    ).slice(0, 1000);`),
    'revokes one': edited(`${meant},\n    );`, `${meant},\n    ).slice(0, 1);`),
    'spares the latest': edited(
      `${meant},\n    );`,
      `${meant},\n    ); if (ended.length > 1 && !('exceptId' in target)) ended.pop();`,
    ),
  },
  'revoke: Spares the session of `exceptId`; spares none if `exceptId` is no session of the user.':
    {
      'spares none': edited(many, 'row.userId === target.userId'),
      'revokes only that one': edited(
        many,
        'row.userId === target.userId && (target.exceptId === undefined || row.id === target.exceptId)',
      ),
      'spares all where there is an exception': edited(
        many,
        'row.userId === target.userId && target.exceptId === undefined',
      ),
      'forgets that the user has the one it spares': indexed({
        afterRevoke: (index, target) => {
          if (typeof target === 'object' && 'exceptId' in target) index.drop(target.userId!);
        },
      }),
      'takes the exception or the user': edited(many, many.replace('&&', '||')),
      'revokes nothing where the exception is a stranger': edited(
        begin,
        `if (target.exceptId !== undefined && this.#rows.get(target.exceptId)?.userId !== target.userId) return 0; ${begin}`,
      ),
      'compares the exception without spaces': edited(
        many,
        'row.userId === target.userId && row.id !== target.exceptId?.trimEnd()',
      ),
      'compares the exception without case': edited(
        many,
        'row.userId === target.userId && row.id !== target.exceptId?.toLowerCase()',
      ),
    },
  'revoke: Revokes every session of everybody for the target `everything`.': {
    'does nothing': edited(everything, "if (target === 'everything') return false;"),
    'revokes the live ones': edited(
      meant,
      `${meant} && (target !== 'everything' || row.expiresAt > now)`,
    ),
    'revokes what can still rotate': edited(
      meant,
      `${meant} && (target !== 'everything' || row.absoluteExpiresAt > now)`,
    ),
    'revokes a thousand': edited(
      `${meant},\n    );`,
      `${meant},\n    ).slice(0, target === 'everything' ? 1000 : undefined);`,
    ),
    "revokes one user's": edited(
      begin,
      `if (target === 'everything') target = { userId: [...this.#rows.values()].at(-1)?.userId }; ${begin}`,
    ),
    "takes a user's id for it": edited(
      everything,
      "if (target === 'everything' || target.userId === 'everything') return true;",
    ),
    'takes it for a user id': edited(
      everything,
      "if (target === 'everything') return row.userId === 'everything';",
    ),
    'does not count it': edited(count, "return target === 'everything' ? 0 : ended.length;"),
    'revokes again': edited(
      meant,
      "(row) => (target === 'everything' || row.revokedAt === null) && isMeant(row, target)",
    ),
  },
  'revoke: Writes `now` as `revokedAt` and the reason, and nothing else.': {
    'writes nothing': edited(assign, ''),
    'writes no moment': edited(assign, 'Object.assign(row, { revokedReason: reason });'),
    'writes no reason': writes('revokedReason: null'),
    'writes one reason for all': writes("revokedReason: 'revoked'"),
    'keeps the first six letters of the reason': writes('revokedReason: reason.slice(0, 6)'),
    'writes the last rotation for the moment': writes('revokedAt: row.rotatedAt'),
    'writes whole seconds': writes('revokedAt: now - (now % 1000)'),
    'expires the session': writes('expiresAt: now'),
    'writes rotatedAt': writes('rotatedAt: now'),
    'writes the absolute expiry': writes('absoluteExpiresAt: now'),
    'forgets the token': writes("tokenHash: ''"),
    'forgets the client': writes('ip: null, userAgent: null'),
    'goes on to the next generation': writes('generation: row.generation + 1'),
    'deletes the session': edited(assign, 'this.#rows.delete(row.id);'),
  },
  "revoke: Dates no revocation before the row's last rotation: `revokedAt` is `rotatedAt` if that is later than `now`.":
    {
      'dates it with the given time': writes('revokedAt: now'),
      'dates everything with the given time': writes(
        "revokedAt: target === 'everything' ? now : row.revokedAt",
      ),
      'dates all but one with the given time': writes(
        'revokedAt: target.exceptId === undefined ? row.revokedAt : now',
      ),
      'reads the last rotation first and ends a turn later': edited(
        `${loop}\n    ${count}`,
        `const moments = new Map(ended.map((row) => [row.id, Math.max(now, row.rotatedAt)])); ${turn}
         const alive = ended.filter((row) => row.revokedAt === null);
         for (const row of alive) {
           Object.assign(row, { revokedAt: moments.get(row.id), revokedReason: reason });
         }
         return alive.length;`,
      ),
      'lets a rotation write that has read before': edited(
        rotate,
        `const { generation } = row; ${turn}
         if (row.generation !== generation) return false; ${rotate}`,
      ),
      'takes the latest rotation of all': writes(
        'revokedAt: Math.max(now, ...ended.map((each) => each.rotatedAt))',
      ),
      'takes the earlier one': writes('revokedAt: Math.min(now, row.rotatedAt)'),
      'dates it a moment later': writes('revokedAt: row.rotatedAt > now ? row.rotatedAt + 1 : now'),
      'dates it by the login': writes('revokedAt: Math.max(now, row.createdAt)'),
    },
  'revoke: Revokes expired sessions too.': {
    'leaves expired ones': onlyIf('row.expiresAt > now'),
    'leaves what expired before': onlyIf('row.expiresAt >= now'),
    'leaves what expired for good': onlyIf('row.absoluteExpiresAt > now'),
    'takes any user id where the session expired': edited(
      meant,
      `(row) => row.revokedAt === null &&
        (isMeant(row, target) || (row.id === target.id && row.expiresAt <= now))`,
    ),
    'revokes expired ones without a word': edited(
      count,
      'return ended.filter((row) => row.expiresAt > now).length;',
    ),
  },
  'revoke: Does not change `revokedAt` and `revokedReason` of a session that is revoked already.': {
    'revokes again': edited(meant, '(row) => isMeant(row, target)'),
    'revokes again and counts the rest': edited(
      `${begin} === null && isMeant(row, target),\n    );`,
      `const ended = [...this.#rows.values()].filter((row) => isMeant(row, target) && row.revokedAt === null);
       for (const row of this.#rows.values()) if (isMeant(row, target)) row.revokedReason = reason;`,
    ),
    'takes the moment 0 for none': edited(meant, '(row) => !row.revokedAt && isMeant(row, target)'),
    'revokes again what is revoked as of later': edited(
      meant,
      '(row) => (row.revokedAt === null || row.revokedAt > now) && isMeant(row, target)',
    ),
    'counts what was revoked before': edited(
      count,
      'return [...this.#rows.values()].filter((row) => isMeant(row, target)).length;',
    ),
  },
  'revoke: Returns how many sessions it revoked; of several revocations at once each session counts for exactly one.':
    {
      'returns nothing': edited(count, 'return undefined;'),
      'returns true': edited(count, 'return ended.length > 0;'),
      'returns 0': edited(count, 'return 0;'),
      'returns 1': edited(count, 'return Math.min(1, ended.length);'),
      'lists first and ends a step later': later(step),
      'lists first and ends a turn later': later(turn),
      'lists first and ends some time later': later(aWhile),
      'lists first and ends a turn later, with a lock in memory': lockedInMemory(
        loop,
        `${turn} ${loop}`,
      ),
      'reads one first and ends it a turn later': later(turnIf('target.id !== undefined')),
      'lists everything first and ends it a turn later': later(turnIf("target === 'everything'")),
      'counts first and ends a step later': edited(
        loop,
        `${step} for (const row of ended) if (row.revokedAt === null) { ${assign} }`,
      ),
    },
  'revoke: Undoes no insert and no rotation that happens at the same time.': {
    'writes whole rows back': edited(
      loop,
      `const rows = ended.map((row) => ({ ...row })); ${step}
       for (const row of rows) { ${assign} Object.assign(this.#rows.get(row.id), row); }`,
    ),
    'writes whole rows back, with a lock in memory': lockedInMemory(
      loop,
      `const rows = ended.map((row) => ({ ...row })); ${turn}
       for (const row of rows) { ${assign} Object.assign(this.#rows.get(row.id), row); }`,
    ),
    'writes whole rows back where everything ends': edited(
      loop,
      `const rows = ended.map((row) => ({ ...row })); if (target === 'everything') ${turn}
       for (const row of rows) { ${assign} Object.assign(this.#rows.get(row.id), row); }`,
    ),
    'ends what is as it was listed': edited(
      loop,
      `const rows = ended.map((row) => ({ ...row })); ${turn}
       for (const row of ended) {
         if (rows.some(({ tokenHash }) => tokenHash === row.tokenHash)) { ${assign} }
       }`,
    ),
    "writes the user's sessions back": edited(
      loop,
      `const ids = new Set(this.#rows.keys()); ${step} ${loop}
       for (const id of this.#rows.keys()) if (!ids.has(id)) this.#rows.delete(id);`,
    ),
    'counts first and ends all a step later': edited(
      loop,
      `${step}
       for (const row of this.#rows.values()) if (row.revokedAt === null && isMeant(row, target)) { ${assign} }`,
    ),
  },
  'revoke: Is visible to others in full or not at all.': {
    'ends one a step': oneByOne(step),
    'ends one a turn': oneByOne(turn),
    'ends one at a time': oneByOne(aWhile),
    'ends a hundred of the user a turn': slices(100, 'target.userId !== undefined'),
    'ends a thousand of everybody a turn': slices(1000, "target === 'everything'"),
    'ends everything one a step': edited(
      `${loop}\n    ${count}`,
      `for (const row of ended) { ${assign} if (target === 'everything') ${step} } ${count}`,
    ),
  },
  'revoke: Revokes what was inserted before it takes effect: no new login is seen alive beside the sessions it ends.':
    {
      'lists first and ends the live ones a step later': checked(step),
      'lists first and ends the live ones a turn later': checked(turn),
      'lists first and ends the live ones some time later': checked(aWhile),
      'first reads who has sessions and ends everything a turn later': edited(
        `${begin} === null && isMeant(row, target),\n    );`,
        `const users = new Set([...this.#rows.values()].map((row) => row.userId));
         if (target === 'everything') ${turn}
         const ended = [...this.#rows.values()].filter(
           (row) => row.revokedAt === null && isMeant(row, target) && (target !== 'everything' || users.has(row.userId)),
         );`,
      ),
    },
};
