import { beforeAll, describe, expect, it } from '@jest/globals';
import { databaseKinds, sqliteKind } from '../harness/databases.js';
import type { Figures } from './figures.js';
import { soak } from './soak.js';

const SECONDS = Number(process.env.SOAK_SECONDS ?? 20);

const postgres = databaseKinds.find(({ name }) => name === 'PostgreSQL');
const database = postgres ?? sqliteKind;
const instances = postgres ? 3 : 1;

describe(`200 clients of ${instances} instances on ${database.name}, with kills, cuts, lost responses and thieves`, () => {
  let figures: Figures;

  beforeAll(
    async () => {
      figures = await soak({ database, seconds: SECONDS, instances, clients: 200, thieves: 6 });
      process.stdout.write(figures.table());
    },
    (SECONDS + 100) * 1000,
  );

  it('signs no honest client out', () => {
    expect(figures.falseLogouts).toEqual([]);
  });

  it('gives no token two successors', () => {
    expect(figures.forks).toEqual([]);
  });

  it('detects every theft, and nothing else as theft', () => {
    expect(figures.theftsPlanted).toBeGreaterThan(0);
    expect(figures.theftsFound).toBe(figures.theftsPlanted);
    expect(figures.sessionsEndedForReuse).toBe(figures.theftsPlanted);
  });

  it('never refreshes a session that has ended', () => {
    expect(figures.logouts).toBeGreaterThan(0);
    expect(figures.undead).toEqual([]);
  });

  it('responds as the contract says, and no process ends by itself', () => {
    expect(figures.surprises).toEqual([]);
    expect(figures.crashes).toEqual([]);
  });

  it('exercised rotations, replays, renewals, retries, network errors and kills', () => {
    const { rotations, replays, renewals, repaired, networkErrors, kills } = figures;
    expect(rotations).toBeGreaterThan(200);
    for (const figure of [replays, renewals, repaired, networkErrors, kills]) {
      expect(figure).toBeGreaterThan(0);
    }
  });
});
