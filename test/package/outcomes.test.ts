import { describe, expect, it } from '@jest/globals';
import { refusal } from '../../src/sessions/refresh-refusals.js';
import type { SessionRow } from '../../src/sessions/refresh-token-store.js';
import type { Verdict } from '../../src/sessions/verdict.js';
import type { PresentedRefreshToken } from '../../src/tokens/refresh-tokens.js';
import { code, Markdown } from './markdown.js';

type Refused = Exclude<Verdict, 'rotated' | 'renewed' | 'replayed'>;

const GRANTED = ['rotated', 'renewed', 'replayed'];
const REFUSED: Record<Refused, true> = {
  reused: true,
  overtaken: true,
  ahead: true,
  unknown: true,
  revoked: true,
  expired: true,
};
const LEEWAY_MS = 30_000;

const rows = new Map(
  new Markdown('docs/concepts/a-refresh.md')
    .tableUnder('## Outcomes')
    .map(([outcome, , response, cookie, retryAfter]) => [
      code(outcome!)[0]!,
      { response: response!, cookie: cookie!, retryAfter: retryAfter! },
    ]),
);

/** Every error that a verdict can become, by the reason why a session ended and the time that has passed. */
function errorsOf(verdict: Refused) {
  const ages = [0, 2 * LEEWAY_MS];
  return ['logout', 'new_login'].flatMap((revokedReason) =>
    ages.flatMap((now) => {
      const row = { rotatedAt: 0, revokedReason } as SessionRow;
      const token = { expiresAt: 0 } as PresentedRefreshToken;
      return refusal(verdict, row, token, { now, leewayMs: LEEWAY_MS });
    }),
  );
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)].toSorted();
}

describe('the documented outcomes of a refresh', () => {
  it('are the verdicts', () => {
    expect([...rows.keys()]).toEqual([...GRANTED, ...Object.keys(REFUSED)]);
  });

  it.each(GRANTED)('say that %s is 200', (verdict) => {
    expect(rows.get(verdict)!.response).toMatch(/^200, /);
  });

  it.each(Object.keys(REFUSED) as Refused[])('say what %s sends', (verdict) => {
    const { response, cookie, retryAfter } = rows.get(verdict)!;
    const errors = errorsOf(verdict);
    expect([response.slice(0, 3), code(response).toSorted()]).toEqual([
      String(errors[0]!.getStatus()),
      distinct(errors.map((error) => error.code)),
    ]);
    expect(distinct(cookie.match(/\b(cleared|stays)\b/g) ?? [])).toEqual(
      distinct(errors.map(({ sessionEnded }) => (sessionEnded ? 'cleared' : 'stays'))),
    );
    expect(/^\d/.exec(retryAfter)?.[0]).toBe(
      errors.find((error) => error.retryAfter !== undefined)?.retryAfter?.toString(),
    );
  });
});
