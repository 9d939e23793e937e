import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  cookieMaxAge,
  lifetimeFromLogin,
  lifetimeFromRotation,
} from '../../../src/sessions/lifetimes.js';

const SECOND = 1000;
const DAY = 24 * 3600 * SECOND;
/** RFC 6265bis §5.5. */
const LONGEST_COOKIE_SECONDS = 400 * 24 * 3600;

const moment = fc.integer({ min: Date.parse('2000-01-01'), max: Date.parse('2100-01-01') });
const lifetimes = fc
  .tuple(fc.integer({ min: SECOND, max: 400 * DAY }), fc.integer({ min: SECOND, max: 400 * DAY }))
  .map(([a, b]) => ({ idleLifetimeMs: Math.min(a, b), absoluteLifetimeMs: Math.max(a, b) }));
/** The time between two rotations, sometimes longer than the lifetime. */
const pauses = fc.array(fc.integer({ min: 0, max: 60 * DAY }), { maxLength: 30 });

describe('the lifetime of a session', () => {
  it('is the idle lifetime from the login, capped by the absolute one', () => {
    const now = Date.parse('2030-01-01T00:00:00.000Z');
    const login = (idle: number, absolute: number) =>
      lifetimeFromLogin(now, { idleLifetimeMs: idle, absoluteLifetimeMs: absolute });

    expect(login(7 * DAY, 30 * DAY)).toEqual({
      expiresAt: now + 7 * DAY,
      absoluteExpiresAt: now + 30 * DAY,
    });
    expect(login(7 * DAY, 7 * DAY).expiresAt).toBe(now + 7 * DAY);
  });

  it('is extended by a rotation, up to the absolute expiry', () => {
    const absolute = Date.parse('2030-01-31T00:00:00.000Z');
    const rotated = (now: number) => lifetimeFromRotation(now, absolute, 7 * DAY).expiresAt;

    expect(rotated(absolute - 8 * DAY)).toBe(absolute - DAY);
    expect(rotated(absolute - 7 * DAY)).toBe(absolute);
    expect(rotated(absolute - 1)).toBe(absolute);
  });

  it('never passes the absolute expiry set at login, nor moves it, however often it rotates', () => {
    fc.assert(
      fc.property(moment, lifetimes, pauses, (loginAt, settings, pausesMs) => {
        const login = lifetimeFromLogin(loginAt, settings);
        expect(login.expiresAt).toBeLessThanOrEqual(login.absoluteExpiresAt);
        expect(login.absoluteExpiresAt).toBeLessThan(
          loginAt + settings.absoluteLifetimeMs + SECOND,
        );

        let now = loginAt;
        for (const pause of pausesMs) {
          now += pause;
          const rotated = lifetimeFromRotation(
            now,
            login.absoluteExpiresAt,
            settings.idleLifetimeMs,
          );
          expect(rotated.absoluteExpiresAt).toBe(login.absoluteExpiresAt);
          expect(rotated.expiresAt).toBeLessThanOrEqual(login.absoluteExpiresAt);
        }
      }),
    );
  });

  it('is never shorter than promised, and less than a second longer', () => {
    fc.assert(
      fc.property(moment, lifetimes, pauses, (loginAt, settings, pausesMs) => {
        const login = lifetimeFromLogin(loginAt, settings);
        const now = pausesMs.reduce((sum, pause) => sum + pause, loginAt);
        const { expiresAt } = lifetimeFromRotation(
          now,
          login.absoluteExpiresAt,
          settings.idleLifetimeMs,
        );
        const promised = Math.min(
          now + settings.idleLifetimeMs,
          loginAt + settings.absoluteLifetimeMs,
        );
        expect(expiresAt).toBeGreaterThanOrEqual(promised);
        expect(expiresAt).toBeLessThan(promised + SECOND);
      }),
    );
  });

  it('is the same in the row, in the token’s whole seconds, and in the cookie', () => {
    fc.assert(
      fc.property(moment, lifetimes, pauses, (loginAt, settings, pausesMs) => {
        const { absoluteExpiresAt } = lifetimeFromLogin(loginAt, settings);
        const now = pausesMs.reduce((sum, pause) => sum + pause, loginAt);
        const { expiresAt } = lifetimeFromRotation(now, absoluteExpiresAt, settings.idleLifetimeMs);

        expect(Number.isInteger(expiresAt / SECOND)).toBe(true);
        expect(Number.isInteger(absoluteExpiresAt / SECOND)).toBe(true);

        const maxAge = cookieMaxAge(expiresAt, now);
        expect(Number.isInteger(maxAge)).toBe(true);
        const remaining = Math.max(0, expiresAt - now);
        expect(maxAge * SECOND).toBeLessThanOrEqual(remaining);
        expect(maxAge * SECOND).toBeGreaterThan(remaining - SECOND);
      }),
    );
  });
});

describe('the Max-Age of the cookie', () => {
  it('is the configured value, to the second, whenever the session begins', () => {
    fc.assert(
      fc.property(moment, fc.integer({ min: 1, max: LONGEST_COOKIE_SECONDS }), (now, seconds) => {
        const settings = { idleLifetimeMs: seconds * SECOND, absoluteLifetimeMs: seconds * SECOND };
        const { expiresAt } = lifetimeFromLogin(now, settings);

        expect(cookieMaxAge(expiresAt, now)).toBe(seconds);
      }),
    );
  });

  it('never goes below 0, whenever it is computed', () => {
    expect(cookieMaxAge(5000, 4001)).toBe(0);
    expect(cookieMaxAge(5000, 4000)).toBe(1);
    expect(cookieMaxAge(5000, 5000)).toBe(0);
    expect(cookieMaxAge(5000, 3_600_000)).toBe(0);
  });
});
