import { describe, expect, it } from '@jest/globals';
import { importsOf, importsOfSource, roomOf, type Import } from './imports.js';
import { LAYERS, PORTS } from './layers.js';

const PACKAGE = 'nestjs-refresh-auth';
const rooms = Object.keys(LAYERS);

/** Why an import is against the layers, or null. */
function objection({ from, to }: Import): string | null {
  const [importer, imported] = [roomOf(from), roomOf(to)];
  const message = (reason: string) => `${from} imports ${to}: ${reason}`;
  if (to === PACKAGE) {
    return importer === 'app'
      ? null
      : message('only the reference app imports the package by name');
  }
  if (importer === imported) return null;
  if (!LAYERS[importer]?.includes(imported)) {
    return message(`${importer} imports only ${LAYERS[importer]?.join(', ') || 'nothing'}`);
  }
  if (importer === 'typeorm' && imported !== 'errors' && !PORTS.includes(to)) {
    return message(`typeorm implements ports: it imports only ${PORTS.join(', ')} and errors`);
  }
  return null;
}

const objections = (imports: Import[]) => imports.map(objection).filter((each) => each !== null);

describe('the layers of src/', () => {
  const imports = importsOfSource();

  it('are kept by every import', () => {
    expect(imports.length).toBeGreaterThan(500);
    expect(objections(imports)).toEqual([]);
  });

  it('name every room, and no room that is gone', () => {
    const found = new Set(imports.flatMap(({ from, to }) => [from, to]).map(roomOf));
    found.delete(PACKAGE);
    expect([...found].toSorted()).toEqual(rooms.toSorted());
  });

  it('allow nothing that nobody uses', () => {
    const used = new Set(imports.map(({ from, to }) => `${roomOf(from)} → ${roomOf(to)}`));
    const allowed = rooms.flatMap((room) => LAYERS[room]!.map((other) => `${room} → ${other}`));
    expect(allowed.filter((pair) => !used.has(pair))).toEqual([]);
    expect(PORTS.filter((port) => !imports.some(isOfTypeorm(port)))).toEqual([]);
  });

  it('go one way: a room imports only rooms below it', () => {
    const upward = rooms.flatMap((room, index) =>
      LAYERS[room]!.filter((other) => rooms.indexOf(other) <= index && room !== 'testing').map(
        (other) => `${room} → ${other}`,
      ),
    );
    expect(upward).toEqual([]);
  });

  it.each([
    ['sessions/x.ts', '../http/auth.controller.js', true],
    ['sessions/x.ts', '../accounts/accounts.js', true],
    ['sessions/x.ts', '../tokens/claims.js', false],
    ['sessions/deeper/x.ts', '../../wiring.js', true],
    ['access/x.ts', '../passwords/passwords.js', true],
    ['errors/x.ts', '../runtime/pause.js', true],
    ['client/x.ts', '../errors/auth-error.js', true],
    ['typeorm/x.ts', '../sessions/refresh-token-store.js', false],
    ['typeorm/x.ts', '../sessions/verdict.js', true],
    ['typeorm/migrations/x.ts', '../refresh-token.entity.js', false],
    ['app/users/x.ts', 'nestjs-refresh-auth', false],
    ['app/users/x.ts', '../../auth.service.js', true],
    ['sessions/x.ts', 'nestjs-refresh-auth', true],
    ['testing/x.ts', '../http/auth.controller.js', true],
  ])('%s importing %s is refused: %s', (from, target, isRefused) => {
    for (const text of [
      `import type { Anything } from '${target}';`,
      `export * from '${target}';`,
      `const anything = await import('${target}');`,
    ]) {
      expect(objections(importsOf(from, text))).toHaveLength(isRefused ? 1 : 0);
    }
  });
});

const isOfTypeorm =
  (port: string) =>
  ({ from, to }: Import) =>
    roomOf(from) === 'typeorm' && to === port;
