import { AssertionError } from 'node:assert/strict';
import type { RefreshTokenStore } from '../sessions/refresh-token-store.js';
import { deleteEndedCases } from './store-conformance/delete-ended-cases.js';
import { findCases } from './store-conformance/find-cases.js';
import {
  devicesForgottenAtCases,
  forgetDevicesCases,
} from './store-conformance/forget-devices-cases.js';
import { generalCases } from './store-conformance/general-cases.js';
import { insertCases } from './store-conformance/insert-cases.js';
import { keepTimeCases, keptTimeCases } from './store-conformance/kept-time-cases.js';
import { listActiveCases } from './store-conformance/list-active-cases.js';
import { revokeCases } from './store-conformance/revoke-cases.js';
import { revokeRaceCases } from './store-conformance/revoke-race-cases.js';
import { revokedSinceCases } from './store-conformance/revoked-since-cases.js';
import { rotateCases } from './store-conformance/rotate-cases.js';
import { rotateRaceCases } from './store-conformance/rotate-race-cases.js';
import type { OpenStore, StoreCases } from './store-conformance/store-case.js';

/** One promise that a store must keep: `for (const { name, run } of cases) it(name, run)`. */
export interface ConformanceCase {
  /** The method and the sentence of its contract: `revoke: Revokes expired sessions too.` */
  name: string;
  /** Rejects with an AssertionError that begins with the name if the promise is broken. */
  run(): Promise<void>;
}

const CASES: readonly [method: string, cases: StoreCases][] = [
  ['all methods', generalCases],
  ['insert', insertCases],
  ['rotate', rotateCases],
  ['rotate', rotateRaceCases],
  ['find', findCases],
  ['listActive', listActiveCases],
  ['revoke', revokeCases],
  ['revoke', revokeRaceCases],
  ['revokedSince', revokedSinceCases],
  ['deleteEnded', deleteEndedCases],
  ['forgetDevices', forgetDevicesCases],
  ['devicesForgottenAt', devicesForgottenAtCases],
  ['keepTime', keepTimeCases],
  ['keptTime', keptTimeCases],
];

/**
 * What every {@link RefreshTokenStore} must do, for any test runner: one case for each sentence of the contract.
 *
 * `openStore` is called several times. Let it return another store on the same data each time, with its own connection
 * if there are connections: simultaneous calls by several instances are tested between two of them. If it always
 * returns the same store, or each store has its own memory, this is not tested, and a warning says so.
 *
 * The cases may share one store, and its database may contain other sessions, but it must be a test database, and the
 * cases must run one after the other: `revoke('everything')` ends every session in it, and `deleteEnded` deletes them.
 * Some cases insert thousands of sessions: give each case a minute.
 */
export function refreshTokenStoreConformance(
  openStore: () => RefreshTokenStore | Promise<RefreshTokenStore>,
): ConformanceCase[] {
  return CASES.flatMap(([method, cases]) =>
    Object.entries(cases).map(([sentence, check]) => {
      const name = `${method}: ${sentence}`;
      return { name, run: async () => checked(name, check, openStore) };
    }),
  );
}

async function checked(
  name: string,
  check: StoreCases[string],
  openStore: OpenStore,
): Promise<void> {
  const store = await openStore();
  try {
    await check(store, openStore);
  } catch (error) {
    throw brokenPromise(name, error);
  }
}

/** Names the broken sentence, and keeps the details that a test runner shows for a failed comparison. */
function brokenPromise(name: string, cause: unknown): AssertionError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const { actual, expected } = cause instanceof AssertionError ? cause : {};
  return Object.assign(
    new AssertionError({
      message: `${name}
${detail}`,
      actual,
      expected,
    }),
    {
      cause,
    },
  );
}
