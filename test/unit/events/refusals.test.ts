import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AuthError, type AuthErrorCode } from '../../../src/errors/auth-error.js';
import { AuthEvents, type AuthEvent } from '../../../src/events/auth-events.js';
import { EVENT_OF_REFUSAL, isReported } from '../../../src/events/refusal-events.js';
import { Refusals } from '../../../src/events/refusals.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';

type Refused = AuthEvent & { type: 'refused' };

describe('refusals', () => {
  let clock: FakeClock;
  let reported: Refused[];
  let refusals: Refusals;

  beforeEach(() => {
    jest.useFakeTimers();
    clock = new FakeClock();
    reported = [];
    const events = new AuthEvents((event) => void reported.push(event as Refused), clock);
    refusals = new Refusals(events, clock);
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  function refuse(code: AuthErrorCode, ip: string | null = '192.0.2.1', times = 1): void {
    const client = { ip, userAgent: 'curl' };
    for (let i = 0; i < times; i += 1) {
      refusals.report(new AuthError(code, 'x'), { where: 'login', client });
    }
  }

  it('are reported or not according to their code, and every code is decided', () => {
    const codes = Object.keys(EVENT_OF_REFUSAL) as AuthErrorCode[];
    const silent = codes.filter((code) => {
      reported.splice(0);
      refuse(code);
      expect(reported.map((event) => event.code)).toEqual(isReported(code) ? [code] : []);
      return !isReported(code);
    });
    expect(Object.fromEntries(silent.map((code) => [code, EVENT_OF_REFUSAL[code]]))).toEqual({
      // These have their own events, with more fields.
      invalid_credentials: 'login_failed',
      refresh_reused: 'reuse_detected',
      store_unavailable: 'store_unavailable',
      // And these happen to every client.
      token_missing: null,
      token_expired: null,
      refresh_missing: null,
    });
  });

  it('are reported once, by the first code that knows them', () => {
    const error = new AuthError('username_taken', 'x');
    const client = { ip: '192.0.2.1', userAgent: 'curl' };
    refusals.report(error, { where: 'register', client, username: 'ada' });
    refusals.report(error, { where: 'elsewhere', client });
    expect(reported.map(({ where }) => where)).toEqual(['register']);
  });

  it('of work are reported, and passed on as they are', async () => {
    const error = new AuthError('busy', 'x');
    const refused = { where: 'login', client: { ip: '192.0.2.1', userAgent: 'curl' } };
    await expect(refusals.reporting(refused, () => Promise.reject(error))).rejects.toBe(error);
    expect(reported).toMatchObject([{ code: 'busy', where: 'login' }]);
    await expect(refusals.reporting(refused, () => Promise.resolve('done'))).resolves.toBe('done');
    expect(reported).toHaveLength(1);
  });

  it('of malformed input name no user: a password may be in the wrong field', () => {
    const client = { ip: '192.0.2.1', userAgent: 'curl' };
    const error = new AuthError('invalid_request', 'x');
    refusals.report(error, { where: 'login', client, username: 'correct horse' });
    expect(reported).toMatchObject([{ code: 'invalid_request', username: null }]);
  });

  it('report no more of a name than its allowed length', () => {
    const client = { ip: '192.0.2.1', userAgent: 'y'.repeat(5000) };
    refusals.report(new AuthError('busy', 'x'), {
      where: 'login',
      client,
      username: 'x'.repeat(5000),
    });
    expect(reported[0]).toMatchObject({ username: 'x'.repeat(255), userAgent: 'y'.repeat(255) });
  });

  const sums = () =>
    reported
      .filter(({ suppressed }) => suppressed > 0)
      .map(({ code, ip, suppressed }) => [code, ip, suppressed]);

  it('are reported with user, place and address', () => {
    const subject = { userId: '7', sessionId: 's' };
    const error = new AuthError('session_revoked', 'x', { subject });
    const client = { ip: '192.0.2.1', userAgent: 'curl' };
    refusals.report(error, { where: 'Office.desk', client });
    refusals.report(new AuthError('too_many_attempts', 'x'), {
      where: 'login',
      client,
      username: 'ada',
    });
    const common = { type: 'refused', at: clock.now(), ...client, suppressed: 0 };
    expect(reported).toEqual([
      { ...common, code: 'session_revoked', where: 'Office.desk', ...subject, username: null },
      {
        ...common,
        code: 'too_many_attempts',
        where: 'login',
        userId: null,
        sessionId: null,
        username: 'ada',
      },
    ]);
  });

  it.each<AuthErrorCode>([
    'token_missing',
    'token_expired',
    'refresh_missing',
    'refresh_reused',
    'invalid_credentials',
    'store_unavailable',
  ])('of the kind %s have no refused event: they are normal, or have their own event', (code) => {
    refuse(code);
    refusals.report(new TypeError('x'), { where: 'login', client: { ip: null, userAgent: null } });
    expect(reported).toEqual([]);
  });

  it('in a flood from one address cause five events, and one with the number of the others', () => {
    refuse('token_invalid', '192.0.2.1', 1000);
    refuse('csrf_rejected', '192.0.2.1');
    refuse('token_invalid', '192.0.2.2');
    expect(reported.map(({ code, ip }) => [code, ip])).toEqual([
      ...[1, 2, 3, 4, 5].map(() => ['token_invalid', '192.0.2.1']),
      ['csrf_rejected', '192.0.2.1'],
      ['token_invalid', '192.0.2.2'],
    ]);
    clock.advance({ seconds: 60 });
    refuse('token_invalid');
    expect(sums()).toEqual([['token_invalid', '192.0.2.1', 995]]);
    expect(reported).toHaveLength(9);
  });

  it('in a flood from everywhere cause a hundred events per code, and few summaries', () => {
    const ips = Array.from({ length: 20_000 }, (_, i) => `10.1.${i >> 8}.${i & 255}`);
    for (const ip of ips) refuse('token_invalid', ip);
    expect(reported).toHaveLength(100);
    refuse('token_invalid', ips.at(-1));
    refusals.flush();
    expect(sums()).toEqual([
      ...ips.slice(100, 1000).map((ip) => ['token_invalid', ip, 1]),
      ['token_invalid', null, 19_001],
    ]);
  });

  it('that are summarized name the address and no client, user or place', () => {
    refuse('token_invalid', '192.0.2.1', 8);
    refusals.flush();
    expect(reported.at(-1)).toEqual({
      type: 'refused',
      at: clock.now(),
      code: 'token_invalid',
      where: 'several',
      userId: null,
      sessionId: null,
      username: null,
      suppressed: 3,
      ip: '192.0.2.1',
      userAgent: null,
    });
  });

  it('from one IPv6 network count as one address', () => {
    for (let i = 0; i < 20; i += 1) refuse('token_invalid', `2001:db8::${i}`);
    refusals.flush();
    expect(sums()).toEqual([['token_invalid', '2001:db8:0:0::/64', 15]]);
  });

  it('are summarized when the minute has ended, even if nothing else happens, and at shutdown', () => {
    refuse('token_invalid', '192.0.2.1', 7);
    jest.advanceTimersByTime(60_000);
    expect(sums()).toEqual([['token_invalid', '192.0.2.1', 2]]);
    refuse('token_invalid', null, 8);
    refusals.onApplicationShutdown();
    expect(sums().at(-1)).toEqual(['token_invalid', null, 3]);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('are still reported when the clock is set back', () => {
    refuse('token_invalid', '192.0.2.1', 6);
    clock.advance({ minutes: -30 });
    refuse('token_invalid');
    expect(reported.map(({ suppressed }) => suppressed)).toEqual([0, 0, 0, 0, 0, 1, 0]);
  });
});
