import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { startAppProcess, type AppProcess } from './app-process.js';
import type { DatabaseKind, TestDatabase } from './databases.js';

/** Instances of the reference app on one database, each in its own process; they are stopped after the test. */
export function useInstancesOn(kind: DatabaseKind) {
  let database: TestDatabase;
  let apps: AppProcess[] = [];

  beforeAll(async () => {
    database = await kind.create();
  });
  afterEach(async () => {
    await Promise.all(apps.map((app) => app.stop()));
    apps = [];
  });
  afterAll(() => database.drop());

  /** @param clocksAheadMs one for each instance */
  async function start(
    clocksAheadMs: number[],
    environment: Record<string, string> = {},
  ): Promise<AppProcess[]> {
    apps = await Promise.all(
      clocksAheadMs.map((clockAheadMs) =>
        startAppProcess({ databaseUrl: database.url, clockAheadMs, environment }),
      ),
    );
    return apps;
  }

  return { start, running: () => apps, databaseUrl: () => database.url };
}
