import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RefreshTokenStore } from 'nestjs-refresh-auth';
import { MemoryRefreshTokenStore, refreshTokenStoreConformance } from 'nestjs-refresh-auth/testing';
import { readFile } from 'node:fs/promises';
import { DataSource } from 'typeorm';
import { dataSourceOptions } from '../../src/app/database.js';
import { sqliteKind, type TestDatabase } from '../harness/databases.js';
import { deleteEndedMutants } from './mutants/delete-ended-mutants.js';
import { forgetDevicesMutants } from './mutants/forget-devices-mutants.js';
import { generalMutants } from './mutants/general-mutants.js';
import { insertMutants } from './mutants/insert-mutants.js';
import { bound } from './mutants/instances.js';
import { keptTimeMutants } from './mutants/kept-time-mutants.js';
import type { Mutants } from './mutants/mutated-memory-store.js';
import { readMutants } from './mutants/read-mutants.js';
import { revokeMutants } from './mutants/revoke-mutants.js';
import { rotateMutants } from './mutants/rotate-mutants.js';
import { Model } from './mutants/model.js';
import { queued, slowed } from './mutants/slow-store.js';
import { typeMutants } from './mutants/type-mutants.js';
import { typeormMutants } from './mutants/typeorm-mutants.js';

const PORT = new URL('../../src/sessions/refresh-token-store.ts', import.meta.url);

const mutants: Mutants = {
  ...generalMutants,
  ...typeMutants,
  ...insertMutants,
  ...rotateMutants,
  ...readMutants,
  ...revokeMutants,
  ...deleteEndedMutants,
  ...forgetDevicesMutants,
  ...keptTimeMutants,
};
const sentences = refreshTokenStoreConformance(() => new MemoryRefreshTokenStore()).map(
  ({ name }) => name,
);

describe('the conformance kit', () => {
  it('has a case for each sentence of the contract, and no other', async () => {
    expect(sentences).toEqual(sentencesOf(await readFile(PORT, 'utf8')));
  });

  it('is tested with stores that break each sentence', () => {
    expect(Object.keys(mutants).toSorted()).toEqual(sentences.toSorted());
  });

  describe.each(Object.entries(mutants))(
    'reports the sentence "%s" for a store that',
    (name, ways) => {
      it.each(Object.entries(ways))('%s', async (_, open) => {
        await expect(conforms(open, name)).rejects.toThrow(name);
      });
    },
  );
});

describe('in a database, the conformance kit', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await sqliteKind.create();
    dataSource = await new DataSource(dataSourceOptions(database.url)).initialize();
    await dataSource.runMigrations();
  });
  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  describe.each(Object.entries(typeormMutants))(
    'reports the sentence "%s" for a store that',
    (name, ways) => {
      it.each(Object.entries(ways))('%s', async (_, open) => {
        await expect(conforms(async () => open(dataSource), name)).rejects.toThrow(name);
      });
    },
  );
});

describe('a correct, slow store', () => {
  const store = slowed(new MemoryRefreshTokenStore(), () => 2);
  it.each(refreshTokenStoreConformance(() => store))('$name', ({ run }) => run());
});

describe('a correct store that is alternately slow and fast', () => {
  let calls = 0;
  const store = slowed(new MemoryRefreshTokenStore(), () => (calls += 1) % 3);
  it.each(refreshTokenStoreConformance(() => store))('$name', ({ run }) => run());
});

describe('a correct store that returns more than the contract requires', () => {
  const right = new MemoryRefreshTokenStore();
  const store: RefreshTokenStore = {
    ...bound(right),
    find: async (id) => right.find(id).then((row) => row && more(row)),
    listActive: async (...query) => (await right.listActive(...query)).map(more),
    revokedSince: async (since) => (await right.revokedSince(since)).map(more),
    deleteEnded: async (...slice) => more(await right.deleteEnded(...slice)),
  };
  it.each(refreshTokenStoreConformance(() => store))('$name', ({ run }) => run());
});

/** Like the models of Sequelize and Mongoose, whose fields are no own properties of the row. */
describe('a correct store that returns models', () => {
  const right = new MemoryRefreshTokenStore();
  const store: RefreshTokenStore = {
    ...bound(right),
    find: async (id) => right.find(id).then((row) => row && new Model(row).asRow()),
    listActive: async (...query) =>
      (await right.listActive(...query)).map((row) => new Model(row).asRow()),
    revokedSince: async (since) =>
      (await right.revokedSince(since)).map((ended) => new Model(ended).asRow()),
    deleteEnded: async (...slice) => new Model(await right.deleteEnded(...slice)).asRow(),
  };
  it.each(refreshTokenStoreConformance(() => store))('$name', ({ run }) => run());
});

describe('correct stores that share their sessions', () => {
  const right = new MemoryRefreshTokenStore();
  it.each(refreshTokenStoreConformance(() => queued(slowed(bound(right), () => 1))))(
    '$name',
    ({ run }) => run(),
  );
});

function more<T extends object>(response: T): T {
  return { ...response, version: 7 };
}

async function conforms(open: () => Promise<RefreshTokenStore>, name: string): Promise<void> {
  await refreshTokenStoreConformance(open)
    .find((each) => each.name === name)!
    .run();
}

/** The lines with a dash in the port's comments, each with the method that it describes. */
function sentencesOf(port: string): string[] {
  const comments = port.matchAll(/\/\*\*(?<text>(?:(?!\*\/).)*)\*\/\s*(?<next>[\w ]+)/gsu);
  return [...comments].flatMap(({ groups }) => {
    const lines = [...groups!.text!.matchAll(/^ *\* - (?<sentence>.*)$/gmu)];
    const { next } = groups as { next: string };
    const method = next.startsWith('export interface') ? 'all methods' : next;
    return lines.map((line) => `${method}: ${line.groups!.sentence!}`);
  });
}
