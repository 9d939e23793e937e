import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SessionRow } from 'nestjs-refresh-auth';
import { instances } from './instances.js';
import { edited, type Mutant, type Mutants } from './mutated-memory-store.js';

const found = 'return row === undefined ? null : { ...row };';
const meant = 'row.userId === userId && isLive(row, now)';
const sort = '(a, b) => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1)';
const slice = '.slice(0, limit)\n      .map';
const since = 'revokedAt !== null && revokedAt >= since ? [{ id, revokedAt }] : []';
const all = 'return [...this.#rows.values()].flatMap(({ id, revokedAt }) =>';
const alsoIf = (condition: string) =>
  edited(
    `${all}\n      ${since}`,
    `const now = since; return [...this.#rows.values()].flatMap(({ id, revokedAt, ...row }) =>
      revokedAt !== null && revokedAt >= since && ${condition} ? [{ id, revokedAt }] : []`,
  );

/** A revocation in between is seen in part. */
function inTwoSteps(wait: () => Promise<unknown>): Mutant {
  return instances((right) => ({
    listActive: async (...query) => {
      const rows: SessionRow[] = [];
      for (const { id } of await right.listActive(...query)) {
        const row = await right.find(id);
        if (row !== null && row.revokedAt === null) rows.push(row);
        await wait();
      }
      return rows;
    },
  }));
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}

/** As in a network, where each query takes a while. */
function slowInTwoSteps(): Mutant {
  return instances((right) => ({
    find: async (id) => {
      await turns(4);
      return right.find(id);
    },
    listActive: async (...query) => {
      const rows: SessionRow[] = [];
      const listed = await right.listActive(...query);
      await turns(12);
      for (const { id } of listed) {
        const row = await right.find(id);
        if (row !== null && row.revokedAt === null) rows.push(row);
        await nextTurn();
      }
      return rows;
    },
  }));
}

/** Mutants of `find`, `listActive` and `revokedSince`. */
export const readMutants: Mutants = {
  'find: Returns the session of this id with all its fields, or null.': {
    'finds nothing': edited(found, 'return null;'),
    'returns undefined if there is none': edited(found, 'return row && { ...row };'),
    'rejects where there is none': edited(
      found,
      "if (!row) throw new Error('none'); return { ...row };",
    ),
    'hides revoked ones': edited(
      found,
      'return row && row.revokedAt === null ? { ...row } : null;',
    ),
    'hides expired ones': edited(
      found,
      'return row && row.expiresAt > row.createdAt ? { ...row } : null;',
    ),
    'leaves a field out': edited(
      found,
      'if (!row) return null; const { userAgent, ...rest } = row; return rest;',
    ),
    'finds the latest of the user': edited(
      found,
      `return row === undefined ? null
         : { ...[...this.#rows.values()].findLast((each) => each.userId === row.userId) };`,
    ),
    'forgets all but the newest three thousand': edited(
      found,
      `const ids = [...this.#rows.keys()];
       return row === undefined || ids.length - ids.indexOf(id) > 3000 ? null : { ...row };`,
    ),
    'finds any': edited(found, 'return { ...(row ?? this.#rows.values().next().value) };'),
  },
  'listActive: Lists the sessions of this user and of no other user.': {
    "lists everybody's": edited(meant, 'isLive(row, now)'),
    "lists nobody's": edited(meant, 'false'),
    "lists others'": edited(meant, 'row.userId !== userId && isLive(row, now)'),
    'leaves the client out': edited(
      `${slice}((row) => ({ ...row }));`,
      `${slice}((row) => ({ ...row, ip: null, userAgent: null }));`,
    ),
  },
  'listActive: Lists no revoked session and no expired one: `expiresAt` has to be later than `now`.':
    {
      'lists revoked ones': edited(meant, 'row.userId === userId && row.expiresAt > now'),
      'lists expired ones': edited(meant, 'row.userId === userId && row.revokedAt === null'),
      'lists all': edited(meant, 'row.userId === userId'),
      'lists what expires now': edited(
        meant,
        'row.userId === userId && row.revokedAt === null && row.expiresAt >= now',
      ),
      'leaves out what expires next': edited(
        meant,
        'row.userId === userId && row.revokedAt === null && row.expiresAt > now + 1',
      ),
      'checks the absolute expiry': edited(
        meant,
        'row.userId === userId && row.revokedAt === null && row.absoluteExpiresAt > now',
      ),
      'lists what is revoked as of later': edited(
        meant,
        'row.userId === userId && !(row.revokedAt <= now && row.revokedAt !== null) && row.expiresAt > now',
      ),
      'takes the moment 0 for none': edited(
        meant,
        'row.userId === userId && !row.revokedAt && row.expiresAt > now',
      ),
      'lists live or unrevoked ones': edited(
        meant,
        'row.userId === userId && (row.revokedAt === null || row.expiresAt > now)',
      ),
    },
  'listActive: Lists the latest `createdAt` first, and sessions of one moment in the same order every time.':
    {
      'lists the oldest first': edited(sort, '(a, b) => a.createdAt - b.createdAt'),
      'lists as inserted': edited(sort, '() => 0'),
      'lists the last inserted first': edited(`.toSorted(${sort})`, '.toReversed()'),
      'lists the latest rotation first': edited(sort, '(a, b) => b.rotatedAt - a.rotatedAt'),
      'lists the latest expiry first': edited(sort, '(a, b) => b.expiresAt - a.expiresAt'),
      'lists the latest absolute expiry first': edited(
        sort,
        '(a, b) => b.absoluteExpiresAt - a.absoluteExpiresAt',
      ),
      'lists by id': edited(sort, '(a, b) => (a.id < b.id ? -1 : 1)'),
      'compares whole seconds': edited(
        sort,
        '(a, b) => Math.floor(b.createdAt / 1000) - Math.floor(a.createdAt / 1000) || (a.id < b.id ? -1 : 1)',
      ),
      'compares whole minutes': edited(
        sort,
        '(a, b) => Math.round(b.createdAt / 60_000) - Math.round(a.createdAt / 60_000)',
      ),
      'compares texts': edited(
        sort,
        '(a, b) => (String(a.createdAt) < String(b.createdAt) ? 1 : -1)',
      ),
      'changes the order of twins with a rotation': edited(
        sort,
        '(a, b) => b.createdAt - a.createdAt || b.rotatedAt - a.rotatedAt',
      ),
      'changes the order of twins every time': edited(
        'return [...this.#rows.values()]\n      .filter',
        `this.turn = !this.turn;
         return (this.turn ? [...this.#rows.values()] : [...this.#rows.values()].toReversed())
           .filter((row) => row.userId === userId && isLive(row, now))
           .toSorted((a, b) => b.createdAt - a.createdAt).slice(0, limit).map((row) => ({ ...row }));
         return [...this.#rows.values()].filter`,
      ),
    },
  'listActive: Lists at most `limit` sessions: the first in that order.': {
    'lists all': edited(slice, '.map'),
    'lists two hundred': edited(slice, '.slice(0, Math.min(limit, 200))\n      .map'),
    'lists 999': edited(slice, '.slice(0, Math.min(limit, 999))\n      .map'),
    'lists a thousand': edited(slice, '.slice(0, Math.min(limit, 1000))\n      .map'),
    'lists one too many': edited(slice, '.slice(0, limit + 1)\n      .map'),
    'lists one too few': edited(slice, '.slice(0, limit - 1)\n      .map'),
    'lists the last': edited(slice, '.slice(-limit)\n      .map'),
    'lists one': edited(slice, '.slice(0, 1)\n      .map'),
    'cuts before it sorts': edited(
      `.toSorted(${sort})\n      ${slice}`,
      `.slice(0, limit).toSorted(${sort}).map`,
    ),
    'cuts before it leaves others out': edited(
      'return [...this.#rows.values()]\n      .filter',
      'return [...this.#rows.values()].slice(0, limit)\n      .filter',
    ),
    'lists from the second': edited(slice, '.slice(1, limit + 1)\n      .map'),
  },
  'listActive: Lists what there was at one moment: of the sessions that one revocation ends all or none, and each in full.':
    {
      'lists the ids and then reads one row a step': inTwoSteps(async () => {}),
      'lists the ids and then reads one row a turn': inTwoSteps(nextTurn),
      'reads the rows after as long as three queries take': slowInTwoSteps(),
      'lists the ids, and in place of a deleted row nothing': instances((right) => ({
        listActive: async (...query) => {
          const rows = await right.listActive(...query);
          await nextTurn();
          const left = await Promise.all(rows.map(async ({ id }) => right.find(id)));
          return left.map((row) => ({ ...row }) as SessionRow);
        },
      })),
    },
  'revokedSince: Returns the id and `revokedAt` of every session revoked at or after `since`, however many, each once.':
    {
      'leaves out the very moment': edited(since, since.replace('>=', '>')),
      'returns nothing': edited(since, '[]'),
      'leaves out what lies ahead': alsoIf('revokedAt <= now + 1000'),
      'returns one moment only': alsoIf('revokedAt === since'),
      'returns a thousand': edited(`${since},\n    );`, `${since},\n    ).slice(0, 1000);`),
      'returns five thousand': edited(`${since},\n    );`, `${since},\n    ).slice(0, 5000);`),
      'returns whole seconds': edited(
        since,
        since.replace('{ id, revokedAt }', '{ id, revokedAt: revokedAt - (revokedAt % 1000) }'),
      ),
      'returns nothing since 0': edited(since, since.replace('?', '&& since ?')),
      'returns each twice': edited(
        since,
        since.replace('[{ id, revokedAt }]', '[{ id, revokedAt }, { id, revokedAt }]'),
      ),
      'returns since for revokedAt': edited(
        since,
        since.replace('{ id, revokedAt }', '{ id, revokedAt: since }'),
      ),
      'returns texts for moments': edited(
        since,
        since.replace('{ id, revokedAt }', '{ id, revokedAt: String(revokedAt) }'),
      ),
      'returns ids alone': edited(since, since.replace('[{ id, revokedAt }]', '[{ id }]')),
    },
  "revokedSince: Returns no session that was revoked earlier, and none that isn't revoked.": {
    'returns what was revoked a moment earlier': edited(
      since,
      since.replace('>= since', '>= since - 1'),
    ),
    'compares whole seconds': edited(
      since,
      since.replace('revokedAt >= since', 'revokedAt >= since - (since % 1000)'),
    ),
    'compares texts': edited(
      since,
      since.replace('revokedAt >= since', 'String(revokedAt) >= String(since)'),
    ),
    'returns all revoked ones': edited(since, since.replace(' && revokedAt >= since', '')),
    'returns what was revoked earlier': edited(since, since.replace('>= since', '<= since')),
    'returns live ones too': edited(
      since,
      since.replace('revokedAt !== null &&', 'revokedAt === null ||'),
    ),
    'returns what was used of late': edited(
      `${all}\n      ${since}`,
      `return [...this.#rows.values()].flatMap(({ id, revokedAt, rotatedAt }) =>
        (revokedAt ?? rotatedAt) >= since ? [{ id, revokedAt }] : []`,
    ),
  },
  'revokedSince: Returns them however long ago they were created, used or expired: a late response may have issued a token since.':
    {
      'leaves out what was used long ago': alsoIf('row.rotatedAt > since - 90 * 86_400_000'),
      'leaves out what was created long ago': alsoIf('row.createdAt > since - 90 * 86_400_000'),
      'leaves out what was used since': alsoIf('row.rotatedAt <= revokedAt'),
      'leaves out what expired': alsoIf('row.expiresAt > since'),
      'leaves out what expired for good': alsoIf('row.absoluteExpiresAt > since'),
    },
  'revokedSince: Returns the same to every caller, as often as it is called.': {
    'returns each once in all': edited(
      since,
      since.replace(
        '? [',
        '&& !(this.returned ??= new Set()).has(id) && this.returned.add(id) ? [',
      ),
    ),
    'goes on from what it returned last': edited(
      `${all}\n      ${since}`,
      `const from = Math.max(since, this.last ?? 0);
       this.last = Math.max(from, ...[...this.#rows.values()].map((row) => row.revokedAt ?? 0));
       return [...this.#rows.values()].flatMap(({ id, revokedAt }) =>
         revokedAt !== null && revokedAt >= from ? [{ id, revokedAt }] : []`,
    ),
  },
};
