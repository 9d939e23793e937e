import { lockedInMemory } from './locked-in-memory.js';
import { edited, type Mutants } from './mutated-memory-store.js';
import { step, turn } from './pauses.js';
import { indexed } from './user-index.js';

const meant = 'absoluteExpiresAt < before || (revokedAt !== null && revokedAt < before)';
const fields = `({ absoluteExpiresAt, revokedAt }) =>\n        ${meant}`;
const slice = 'ended.slice(0, limit)';
const loop = 'for (const { id } of slice) this.#rows.delete(id);';
const found = 'return { found: slice.length, deleted: slice.length };';

const revokes = `for (const row of ended) {
      Object.assign(row, { revokedAt: Math.max(now, row.rotatedAt), revokedReason: reason });
    }`;
const rotates = 'Object.assign(row, next, { rotatedAt: now });';

export const deleteEndedMutants: Mutants = {
  'deleteEnded: Deletes sessions whose `absoluteExpiresAt` or `revokedAt` is earlier than `before`, and no other.':
    {
      'deletes nothing': edited(slice, '[]'),
      'reports them and deletes nothing': edited(loop, ''),
      'deletes everything': edited(meant, 'true'),
      'leaves revoked ones': edited(meant, 'absoluteExpiresAt < before'),
      'leaves expired ones': edited(meant, 'revokedAt !== null && revokedAt < before'),
      'deletes what expired and was revoked': edited(meant, meant.replace('||', '&&')),
      'deletes live ones': edited(meant, 'absoluteExpiresAt < before || revokedAt < before'),
      'deletes all revoked ones': edited(meant, 'absoluteExpiresAt < before || revokedAt !== null'),
      'deletes what expires at the moment': edited(meant, meant.replace('<', '<=')),
      'deletes what was revoked at the moment': edited(
        meant,
        meant.replace('revokedAt < before', 'revokedAt <= before'),
      ),
      'leaves what expired a moment before': edited(
        meant,
        meant.replace('< before', '< before - 1'),
      ),
      'leaves what was revoked a moment before': edited(
        meant,
        meant.replace('revokedAt < before', 'revokedAt < before - 1'),
      ),
      'compares texts': edited(
        meant,
        'absoluteExpiresAt < before || (revokedAt !== null && String(revokedAt) < String(before))',
      ),
      'deletes what expired from disuse': edited(
        fields,
        `({ expiresAt, absoluteExpiresAt, revokedAt }) => expiresAt < before || ${meant}`,
      ),
      'deletes what was not used since': edited(
        fields,
        `({ rotatedAt, absoluteExpiresAt, revokedAt }) => rotatedAt < before || ${meant}`,
      ),
      'deletes old logins': edited(
        fields,
        `({ createdAt, absoluteExpiresAt, revokedAt }) => createdAt < before || ${meant}`,
      ),
      'forgets which sessions the user has left': indexed({
        afterDelete: (index, deleted) => deleted.forEach(({ userId }) => index.drop(userId)),
      }),
      'forgets the client of what it leaves': edited(
        loop,
        `${loop} for (const row of this.#rows.values()) row.tokenHash = '';`,
      ),
    },
  'deleteEnded: Deletes at most `limit` sessions, and returns how many it found and how many it deleted.':
    {
      'deletes all': edited(slice, 'ended'),
      'deletes one more': edited(slice, 'ended.slice(0, limit + 1)'),
      'deletes one less': edited(slice, 'ended.slice(0, limit - 1)'),
      'deletes one': edited(slice, 'ended.slice(0, 1)'),
      'deletes all and returns the limit': edited(
        loop,
        'for (const { id } of ended) this.#rows.delete(id);',
      ),
      'deletes the limit of each kind': edited(
        slice,
        `[...ended.filter((row) => row.revokedAt === null).slice(0, limit),
        ...ended.filter((row) => row.revokedAt !== null).slice(0, limit)]`,
      ),
      'returns all it could find': edited(found, found.replace('found: slice', 'found: ended')),
      'returns what is left': edited(
        found,
        found.replace('deleted: slice.length', 'deleted: this.#rows.size'),
      ),
      'returns found 0': edited(found, 'return { found: 0, deleted: slice.length };'),
      'returns deleted 0': edited(found, 'return { found: slice.length, deleted: 0 };'),
      'returns the limit': edited(found, 'return { found: limit, deleted: slice.length };'),
    },
  'deleteEnded: Finds fewer than `limit` only where it leaves none behind.': {
    'takes what another call deleted for not found': edited(
      `${loop}\n    ${found}`,
      `${step} let deleted = 0;
       for (const { id } of slice) if (this.#rows.delete(id)) deleted += 1;
       return { found: deleted, deleted };`,
    ),
    'deletes a hundred': edited(slice, 'ended.slice(0, Math.min(limit, 100))'),
    'reads only that many': edited(
      'const ended = [...this.#rows.values()].filter(\n      ({',
      'const ended = [...this.#rows.values()].slice(0, limit).filter(\n      ({',
    ),
  },
  'deleteEnded: Of several calls at once each session counts as deleted for exactly one.': {
    'finds first and counts what it found': edited(loop, `${step} ${loop}`),
    'finds first and counts what it found, with a lock in memory': lockedInMemory(
      loop,
      `${turn} ${loop}`,
    ),
    'finds first and counts nothing where another was faster': edited(
      `${loop}\n    ${found}`,
      `${step} const all = slice.filter(({ id }) => this.#rows.delete(id)).length;
       return { found: slice.length, deleted: all === slice.length ? 0 : all };`,
    ),
  },
  'deleteEnded: Leaves nothing of a session that it deletes: no other call of the same moment brings a part of it back.':
    {
      'is undone by a revocation that reads first and writes back': edited(
        revokes,
        `${step} ${revokes} for (const row of ended) this.#rows.set(row.id, row);`,
      ),
      'is undone by a revocation that reads first and writes back, with a lock in memory':
        lockedInMemory(
          revokes,
          `${turn} ${revokes} for (const row of ended) this.#rows.set(row.id, row);`,
        ),
      'is undone by a revocation that writes the moment of what is gone': edited(
        revokes,
        `${turn} ${revokes} for (const { id } of ended) {
           if (!this.#rows.has(id)) this.#rows.set(id, { id, revokedAt: now, revokedReason: reason });
         }`,
      ),
      'is undone by a rotation that reads first and writes back': edited(
        rotates,
        `${turn} ${rotates} this.#rows.set(row.id, row);`,
      ),
      'deletes the fields before the row': edited(
        loop,
        `for (const row of slice) row.tokenHash = ''; ${step} ${loop}`,
      ),
    },
};
