import argon2 from 'argon2';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { AuthModule, CLOCK, LIMITER_FACTORY, RANDOM_SOURCE } from 'nestjs-refresh-auth';
import { boot, refusal, withOptions } from '../harness/boot-with-options.js';

afterEach(() => {
  jest.restoreAllMocks();
});

const thrown = new Error('not ready');
const fail = () => {
  throw thrown;
};

const clock = (now: () => unknown, elapsed?: () => unknown) => ({
  now,
  ...(elapsed && { elapsed }),
});
const random = (bytes: (size: number) => unknown) => ({ bytes });
const WANTED_OF_CLOCK = 'let it return milliseconds since the epoch, as Date.now() does.';
const WANTED_OF_RANDOM =
  'let it return a Buffer of as many bytes as are requested, as randomBytes() of node:crypto does.';

const wrong: [string, 'clock' | 'random', object, string][] = [
  ['no number', 'clock', clock(() => NaN), `clock.now() returned NaN: ${WANTED_OF_CLOCK}`],
  ['no end', 'clock', clock(() => Infinity), 'clock.now() returned Infinity: let it'],
  ['a text', 'clock', clock(() => 'x'), 'clock.now() returned a text: let it return'],
  ['a date', 'clock', clock(() => new Date()), 'clock.now() returned an object (Date): let it'],
  ['a bigint', 'clock', clock(() => 5n), 'clock.now() returned a bigint: let it return'],
  ['nothing', 'clock', clock(() => {}), 'clock.now() returned undefined: let it return'],
  ['a promise', 'clock', clock(async () => 5), 'clock.now() returned a promise: await it: let it'],
  ['a rejection', 'clock', clock(async () => fail()), 'clock.now() returned a promise: await it'],
  ['an error', 'clock', clock(fail), 'clock.now() threw: Error: not ready.'],
  [
    'seconds',
    'clock',
    clock(() => Date.now() / 1000),
    'clock.now() returns seconds: milliseconds are wanted.',
  ],
  ['microseconds', 'clock', clock(() => Date.now() * 1000), 'clock.now() returned 1'],
  [
    'no time that elapsed',
    'clock',
    clock(Date.now, () => [1, 2]),
    'clock.elapsed() returned an array: let it return milliseconds, or leave it out.',
  ],
  [
    'an error for the time that elapsed',
    'clock',
    clock(Date.now, fail),
    'clock.elapsed() threw: Error: not ready.',
  ],
  ['a text', 'random', random(() => 'a'), `random.bytes(24) returned a text: ${WANTED_OF_RANDOM}`],
  ['a byte', 'random', random(() => Buffer.alloc(1)), 'random.bytes(24) returned 1 bytes: let it'],
  ['no byte', 'random', random(() => Buffer.alloc(0)), 'random.bytes(24) returned 0 bytes: let it'],
  ['32 bytes', 'random', random(() => Buffer.alloc(32)), 'random.bytes(24) returned 32 bytes'],
  ['64 bytes', 'random', random(() => Buffer.alloc(64)), 'random.bytes(24) returned 64 bytes'],
  [
    'bytes that are no Buffer',
    'random',
    random((size) => new Uint8Array(size)),
    'random.bytes(24) returned an object (Uint8Array): let it return a Buffer',
  ],
  ['a list', 'random', random((size) => Array(size).fill(0)), 'random.bytes(24) returned an array'],
  ['nothing', 'random', random(() => {}), 'random.bytes(24) returned undefined: let it return'],
  [
    'a promise',
    'random',
    random(async (size) => Buffer.alloc(size)),
    'random.bytes(24) returned a promise: await it: let it return a Buffer',
  ],
  ['a rejection', 'random', random(async () => fail()), 'random.bytes(24) returned a promise'],
  ['an error', 'random', random(fail), 'random.bytes(24) threw: Error: not ready.'],
];

describe('a port that returns something else is found at boot:', () => {
  it.each(wrong)('%s from the %s', async (_what, option, value, sentence) => {
    const given = withOptions({ [option]: value });
    expect(await refusal(() => AuthModule.forRoot(given))).toContain(sentence);
    const provide = option === 'clock' ? CLOCK : RANDOM_SOURCE;
    const replaced = withOptions({ extraProviders: [{ provide, useValue: value }] });
    expect(await refusal(() => AuthModule.forRoot(replaced))).toContain(sentence);
  });

  it('an error from the limiter factory', async () => {
    const limiter = { provide: LIMITER_FACTORY, useValue: fail };
    const options = withOptions({ extraProviders: [limiter] });
    expect(await refusal(() => AuthModule.forRoot(options))).toBe(
      'limiter (LIMITER_FACTORY) threw for "name": Error: not ready.',
    );
  });

  it('a rejection of the limiter factory', async () => {
    const limiter = { provide: LIMITER_FACTORY, useValue: async () => fail() };
    const options = withOptions({ extraProviders: [limiter] });
    expect(await refusal(() => AuthModule.forRoot(options))).toContain(
      'limiter returned a promise: await it for "name"',
    );
  });

  it.each<[string, object]>([
    ['clock', { clock: clock(fail) }],
    ['random source', { random: random(fail) }],
    ['limiter', { extraProviders: [{ provide: LIMITER_FACTORY, useValue: fail }] }],
  ])('what the %s threw is the cause', async (_what, options) => {
    const booting = boot(() => [AuthModule.forRoot(withOptions(options))]);
    await expect(booting).rejects.toMatchObject({ cause: thrown });
  });

  it('a hash that can’t be computed', async () => {
    jest.spyOn(argon2, 'hash').mockRejectedValue(new Error('Memory allocation error'));
    expect(await refusal(() => AuthModule.forRoot(withOptions({})))).toMatch(
      /^no password can be hashed with passwords\.memoryCost 19456 \(KiB\), .* allocation error\./,
    );
  });
});

describe('a clock is accepted', () => {
  it.each([
    ['at the epoch', 0],
    ['shortly after it', 5],
    ['before it', -1],
    ['with fractions', Date.now() + 0.5],
    ['in 1973', 1e11],
    ['in 2500', Date.parse('2500-01-01')],
  ])('%s', async (_what, now) => {
    const options = withOptions({ clock: clock(() => now) });
    await expect(boot(() => [AuthModule.forRoot(options)])).resolves.toBeUndefined();
  });
});
