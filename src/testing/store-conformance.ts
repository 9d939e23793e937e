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
import { OpenedStores, type OpenedStore } from './store-conformance/opened-stores.js';
import type { NotTried, StoreCases } from './store-conformance/store-case.js';
import { withinLimit } from './store-conformance/within-limit.js';

/** One promise that a store must keep: `for (const { name, run } of cases) it(name, run, 60_000)`. */
export interface ConformanceCase {
  /** The method and the sentence of its contract: `revoke: Revokes expired sessions too.` */
  name: string;
  /**
   * Rejects with an AssertionError that begins with the name if the promise is broken.
   * @param context what the test runner gives to a test. If it has a method `skip`, as in `node:test` and Vitest, a case
   * that could not be tried is shown as skipped, with the reason; else a warning says so.
   */
  run(context?: unknown): Promise<void>;
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

/** How the cases are run. */
export interface ConformanceOptions {
  /** Milliseconds that each case may take, 60000 by default. Some cases insert thousands of sessions. */
  timeLimitMs?: number;
}

/**
 * What every {@link RefreshTokenStore} must do, for any test runner: one case for each sentence of the contract.
 *
 * Each case calls `openStore` twice: for a first store, and for that of another instance of the app. Let it return
 * another store on the same data each time, with its own connection if there are connections. `{ store, close }` in
 * place of a store lets the case close the connection. If `openStore` always returns the same store, two instances are
 * not tried, and one case is skipped, or a warning says so.
 *
 * The database may contain other sessions, but it must be a test database, and the cases must run one after the other:
 * `revoke('everything')` ends every session in it, and `deleteEnded` deletes them.
 */
export function refreshTokenStoreConformance(
  openStore: () => RefreshTokenStore | OpenedStore | Promise<RefreshTokenStore | OpenedStore>,
  { timeLimitMs = 60_000 }: ConformanceOptions = {},
): ConformanceCase[] {
  const warn = once((text) => process.emitWarning(text, 'RefreshTokenStoreConformance'));
  return CASES.flatMap(([method, cases]) =>
    Object.entries(cases).map(([sentence, check]) => {
      const name = `${method}: ${sentence}`;
      const run = async (...[context]: unknown[]): Promise<void> => {
        const reason = await checked(name, check, new OpenedStores(openStore), timeLimitMs);
        if (typeof reason === 'string') skip(context, `Not tried: ${reason}`, warn);
      };
      return { name, run };
    }),
  );
}

/** Returns why something was not tried, if something was not. */
async function checked(
  name: string,
  check: StoreCases[string],
  stores: OpenedStores,
  timeLimitMs: number,
): Promise<NotTried | void> {
  const { calls } = stores;
  const store = await stores.first();
  try {
    const running = check(store, async () => stores.second());
    const reason = await withinLimit(running, timeLimitMs, () => calls.pending);
    await stores.close();
    return reason;
  } catch (error) {
    // Not waited for: a call that never settles may keep it from closing.
    stores.close().catch(() => {});
    throw brokenPromise(name, error, calls.last);
  }
}

/** A runner without `skip`, such as Jest, gets a warning. */
function skip(context: unknown, reason: string, otherwise: (reason: string) => void): void {
  const { skip: skipTest } = Object(context) as { skip?: (reason: string) => void };
  if (typeof skipTest === 'function') skipTest.call(context, reason);
  else otherwise(reason);
}

function once(warn: (text: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (!said.has(text)) warn(text);
    said.add(text);
  };
}

/** Names the broken sentence, and keeps the details that a test runner shows for a failed comparison. */
function brokenPromise(name: string, cause: unknown, lastCall: string | null): AssertionError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  const { actual, expected } = cause instanceof AssertionError ? cause : {};
  const message = [name, detail, lastCall].filter((line) => line !== null).join('\n');
  return Object.assign(new AssertionError({ message, actual, expected }), { cause });
}
