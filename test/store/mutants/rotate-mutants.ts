import { carelessAddresses, carelessTexts } from './careless-texts.js';
import { lockedInMemory } from './locked-in-memory.js';
import { edited, type Mutants } from './mutated-memory-store.js';
import { turn } from './pauses.js';

const userId = 'row.userId === rotation.userId &&';
const generation = 'row.generation === rotation.generation &&';
const tokenHash = 'row.tokenHash === rotation.tokenHash &&';
const absolute = 'row.absoluteExpiresAt === rotation.absoluteExpiresAt &&';
const isLive = 'row.revokedAt === null &&\n      row.expiresAt > now;';
const leeway =
  'rotatedAtOrBefore !== null && row.generation > 0 && row.rotatedAt > rotatedAtOrBefore';
const assign = 'Object.assign(row, next, { rotatedAt: now });';
const writes = (change: string) => edited(assign, `${assign} Object.assign(row, { ${change} });`);
const before = 'const { rotatedAtOrBefore, now, next } = rotation;';
const refused = 'if (!isAsPresented) return false;';

export const rotateMutants: Mutants = {
  'rotate: Rotates a row of exactly this id, user id, generation, token hash and absolute expiry, and no other.':
    {
      'takes any row with this token': edited(
        'this.#rows.get(rotation.id);',
        '[...this.#rows.values()].findLast((each) => each.tokenHash === rotation.tokenHash);',
      ),
      'takes any user id': edited(userId, ''),
      'takes the beginning of a user id': edited(
        userId,
        'row.userId.startsWith(rotation.userId) &&',
      ),
      'takes a longer user id': edited(userId, 'rotation.userId.startsWith(row.userId) &&'),
      'takes any generation': edited(generation, ''),
      'takes an older generation': edited(generation, 'row.generation >= rotation.generation &&'),
      'takes a newer generation': edited(generation, 'row.generation <= rotation.generation &&'),
      'compares 16 bits of the generation': edited(
        generation,
        '(row.generation & 0xffff) === (rotation.generation & 0xffff) &&',
      ),
      'compares 20 bits of the generation': edited(
        generation,
        '(row.generation & 0xfffff) === (rotation.generation & 0xfffff) &&',
      ),
      'takes any token hash': edited(tokenHash, ''),
      'takes the beginning of a token hash': edited(
        tokenHash,
        'row.tokenHash.startsWith(rotation.tokenHash) &&',
      ),
      'compares 32 characters of the token hash': edited(
        tokenHash,
        'row.tokenHash.slice(0, 32) === rotation.tokenHash.slice(0, 32) &&',
      ),
      'compares the end of the token hash': edited(
        tokenHash,
        'row.tokenHash.slice(1) === rotation.tokenHash.slice(1) &&',
      ),
      'compares token hashes without case': edited(
        tokenHash,
        'row.tokenHash === rotation.tokenHash.toLowerCase() &&',
      ),
      'compares the lengths of token hashes': edited(
        tokenHash,
        'row.tokenHash.length === rotation.tokenHash.length &&',
      ),
      'takes the token or the generation': edited(
        `${generation}\n      ${tokenHash}`,
        '(row.generation === rotation.generation || row.tokenHash === rotation.tokenHash) &&',
      ),
      'takes any absolute expiry': edited(absolute, ''),
      'takes an earlier absolute expiry': edited(
        absolute,
        'row.absoluteExpiresAt >= rotation.absoluteExpiresAt &&',
      ),
      'takes a later absolute expiry': edited(
        absolute,
        'row.absoluteExpiresAt <= rotation.absoluteExpiresAt &&',
      ),
      'compares absolute expiries in seconds': edited(
        absolute,
        'Math.round(row.absoluteExpiresAt / 1000) === Math.round(rotation.absoluteExpiresAt / 1000) &&',
      ),
      'writes where it refuses': edited(
        refused,
        'if (!isAsPresented) { if (row) row.ip = next.ip; return false; }',
      ),
      'returns true where it refuses': edited(refused, 'if (!isAsPresented) return true;'),
      'returns the number of rows': edited(
        `${assign}\n    return true;`,
        `${assign}\n    return 1;`,
      ),
    },
  'rotate: Never rotates a revoked session, whatever the moment it was revoked at.': {
    'rotates revoked ones': edited(isLive, 'row.expiresAt > now;'),
    'rotates what is revoked as of later': edited(
      isLive,
      '(row.revokedAt === null || row.revokedAt > now) && row.expiresAt > now;',
    ),
    'rotates what is revoked as of now': edited(
      isLive,
      '(row.revokedAt === null || row.revokedAt >= now) && row.expiresAt > now;',
    ),
    'forgets what was revoked long ago': edited(
      isLive,
      '(row.revokedAt === null || row.revokedAt < now - 60_000) && row.expiresAt > now;',
    ),
    'takes the moment 0 for none': edited(isLive, '!row.revokedAt && row.expiresAt > now;'),
    'rotates live and revoked ones': edited(
      isLive,
      '(row.revokedAt === null || row.expiresAt > now);',
    ),
  },
  'rotate: Never rotates an expired session: `expiresAt` has to be later than `now`.': {
    'rotates expired ones': edited(isLive, 'row.revokedAt === null;'),
    'rotates what expires now': edited(isLive, 'row.revokedAt === null && row.expiresAt >= now;'),
    'refuses what expires next': edited(
      isLive,
      'row.revokedAt === null && row.expiresAt > now + 1;',
    ),
    'checks the absolute expiry': edited(
      isLive,
      'row.revokedAt === null && row.absoluteExpiresAt > now;',
    ),
    'checks the next expiry': edited(isLive, 'row.revokedAt === null && next.expiresAt > now;'),
  },
  "rotate: Waits for the leeway: the row's `rotatedAt` has to be at or before `rotatedAtOrBefore`.":
    {
      'rotates within the leeway': edited(leeway, 'false'),
      'refuses at the end of the leeway': edited(
        leeway,
        leeway.replace('rotatedAt >', 'rotatedAt >='),
      ),
      'rotates a moment too early': edited(leeway, `${leeway} + 1`),
      'takes a last rotation in the future for none': edited(
        leeway,
        `${leeway} && row.rotatedAt <= now`,
      ),
      'waits after the login': edited(leeway, leeway.replace('row.rotatedAt', 'row.createdAt')),
      'waits after any rotation': edited(
        leeway,
        'rotatedAtOrBefore !== null && row.generation > 0',
      ),
      'takes 0 for null': edited(leeway, leeway.replace(' !== null', '')),
      "doesn't wait after a reissue": edited(
        leeway,
        leeway.replace('row.generation > 0', 'row.generation % 2 ** 20 > 0'),
      ),
    },
  'rotate: Rotates generation 0 at once, whatever `rotatedAtOrBefore` says.': {
    'waits with generation 0': edited(leeway, leeway.replace('row.generation > 0 && ', '')),
    "doesn't wait with generation 1": edited(leeway, leeway.replace('> 0', '> 1')),
    'waits where the login is in the future': edited(
      leeway,
      `${leeway} || (rotatedAtOrBefore !== null && row.rotatedAt > now)`,
    ),
  },
  'rotate: Rotates a row of any age if `rotatedAtOrBefore` is null.': {
    'takes null for never': edited(
      leeway,
      'row.generation > 0 && (rotatedAtOrBefore === null || row.rotatedAt > rotatedAtOrBefore)',
    ),
    'takes null for 0': edited(leeway, leeway.replace('rotatedAtOrBefore !== null && ', '')),
    'refuses a last rotation in the future': edited(
      leeway,
      `${leeway} || (row.generation > 0 && row.rotatedAt > now)`,
    ),
  },
  "rotate: Rotates exactly where the module's own verdict on the row is `rotated`.": {
    'always returns false': edited(before, `${before} return false;`),
    'rotates a forged token': edited(tokenHash, ''),
    'rotates a token within its leeway': edited(leeway, 'false'),
  },
  'rotate: Writes `next` as it is, null included, and `now` as `rotatedAt`, and nothing else.': {
    'keeps the token hash': writes('tokenHash: rotation.tokenHash'),
    'keeps the generation': writes('generation: rotation.generation'),
    'skips a generation': writes('generation: rotation.generation + 2'),
    'counts generations for itself': writes('generation: rotation.generation + 1'),
    'keeps 20 bits of the generation': writes('generation: next.generation & 0xfffff'),
    'starts again with generation 1': writes('generation: 1'),
    'keeps rotatedAt': edited(assign, 'Object.assign(row, next);'),
    'dates the rotation back': writes('rotatedAt: rotatedAtOrBefore ?? now'),
    'writes no expiry': edited(
      assign,
      'const { expiresAt } = row; Object.assign(row, next, { rotatedAt: now, expiresAt });',
    ),
    'never shortens the expiry': edited(
      assign,
      `const { expiresAt } = row; ${assign} row.expiresAt = Math.max(expiresAt, row.expiresAt);`,
    ),
    'writes the absolute expiry': writes('absoluteExpiresAt: next.expiresAt'),
    'writes the absolute expiry as expiry': writes('expiresAt: row.absoluteExpiresAt'),
    'writes createdAt': writes('createdAt: now'),
    revokes: writes('revokedAt: now'),
    ...Object.fromEntries([
      ...Object.entries(carelessTexts).map(([what, text]) => [
        `${what} in the user agent`,
        writes(`userAgent: next.userAgent && ${text.replaceAll('TEXT', 'next.userAgent')}`),
      ]),
      ...Object.entries(carelessAddresses).map(([what, text]) => [
        `${what} in the address`,
        writes(`ip: next.ip && ${text.replaceAll('TEXT', 'next.ip')}`),
      ]),
    ]),
    'keeps 24 bits of the generation': writes('generation: Math.fround(next.generation)'),
    'keeps 30 bits of the generation': writes('generation: next.generation & 0x3fffffff'),
    'writes whole seconds': writes('rotatedAt: now - (now % 1000)'),
    'writes whole seconds of the expiry': writes(
      'expiresAt: next.expiresAt - (next.expiresAt % 1000)',
    ),
    'keeps an address where there is none': edited(
      assign,
      `const { ip } = row; ${assign} row.ip ??= ip;`,
    ),
    'keeps a user agent where there is none': edited(
      assign,
      `const { userAgent } = row; ${assign} row.userAgent ??= userAgent;`,
    ),
    'keeps an address where it is empty': edited(
      assign,
      `const { ip } = row; ${assign} row.ip ||= ip;`,
    ),
    'swaps address and user agent': writes('ip: next.userAgent, userAgent: next.ip'),
    'writes another session too': edited(
      assign,
      `${assign} for (const each of this.#rows.values()) if (each.userId === row.userId) each.ip = next.ip;`,
    ),
  },
  'rotate: Has written before it returns true: the same rotation again returns false, and the row holds the successor.':
    {
      'returns true and writes nothing': edited(assign, ''),
      'writes later': edited(assign, `setTimeout(() => ${assign.slice(0, -1)}, 1);`),
      'takes a predecessor again': edited(
        `${generation}\n      ${tokenHash}`,
        `((row.generation === rotation.generation && row.tokenHash === rotation.tokenHash) ||
          row.tokenHash === rotation.next.tokenHash) &&`,
      ),
      'returns true for a second request': edited(
        refused,
        'if (row?.tokenHash === next.tokenHash && row.revokedAt === null) return true; if (!isAsPresented) return false;',
      ),
    },
  "rotate: Of several rotations of one generation at once, exactly one wins, and the row is the winner's.":
    {
      'reads first and then writes': edited(assign, `await Promise.resolve(); ${assign}`),
      'reads first and writes a turn later': edited(
        assign,
        `await new Promise((resolve) => setImmediate(resolve)); ${assign}`,
      ),
      'reads first and writes a turn later, with a lock in memory': lockedInMemory(
        assign,
        `${turn} ${assign}`,
      ),
      'lets the first one write and all win': edited(
        refused,
        'if (row?.generation === rotation.generation + 1 && row.rotatedAt <= now) return true; if (!isAsPresented) return false;',
      ),
      'writes the client of the loser': edited(
        refused,
        'if (row && row.generation === rotation.generation + 1) row.ip = next.ip; if (!isAsPresented) return false;',
      ),
    },
  'rotate: Beside a revocation it may win or lose, but afterwards the session is revoked, and no rotation wins again.':
    {
      'writes the whole row back': edited(
        assign,
        `const whole = { ...row }; await Promise.resolve();
         Object.assign(row, whole, next, { rotatedAt: now });`,
      ),
      'writes the whole row back a turn later': edited(
        assign,
        `const whole = { ...row }; await new Promise((resolve) => setImmediate(resolve));
         Object.assign(row, whole, next, { rotatedAt: now });`,
      ),
      'writes the whole row back, with a lock in memory': lockedInMemory(
        assign,
        `const whole = { ...row }; ${turn} Object.assign(row, whole, next, { rotatedAt: now });`,
      ),
      'rotates after a revocation': edited(isLive, 'row.expiresAt > now;'),
    },
};
