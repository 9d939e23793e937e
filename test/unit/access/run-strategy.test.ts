import { describe, expect, it } from '@jest/globals';
import { authenticate } from '../../../src/access/run-strategy.js';
import type { HttpRequest } from '../../../src/access/http-request.js';

type Act = (this: Record<string, (...given: unknown[]) => void>) => void;

const oops = new TypeError('oops');
const request = (): HttpRequest => ({ headers: {} });
const response = (act: Act) => authenticate({ authenticate: act }, request());

describe('a Passport strategy is called', () => {
  it.each<[string, Act, object]>([
    [
      'lets in',
      function () {
        this.success!('ada', 'info');
      },
      { error: null, user: 'ada', info: 'info' },
    ],
    [
      'refuses',
      function () {
        this.fail!('why');
      },
      { error: null, user: null, info: 'why' },
    ],
    [
      'fails',
      function () {
        this.error!('oops');
      },
      { error: 'oops', user: null, info: null },
    ],
    [
      'passes',
      function () {
        this.pass!();
      },
      { error: null, user: null, info: null },
    ],
    [
      'redirects',
      function () {
        this.redirect!('/login');
      },
      { error: null, user: null, info: null },
    ],
    [
      'throws',
      () => {
        throw oops;
      },
      { error: oops, user: null, info: null },
    ],
  ])('and %s', async (_what, act, outcome) => {
    expect(await response(act)).toEqual(outcome);
  });

  it('as its own instance per request, so that simultaneous requests don’t interfere', async () => {
    const seen: object[] = [];
    const strategy = {
      authenticate(this: { success(user: object): void }, sent: object) {
        seen.push(this);
        this.success(sent);
      },
    };
    const [a, b] = [request(), request()];
    const users = await Promise.all([authenticate(strategy, a), authenticate(strategy, b)]);
    expect(users.map(({ user }) => user)).toEqual([a, b]);
    expect(seen[0]).not.toBe(seen[1]);
    expect(Object.keys(strategy)).toEqual(['authenticate']);
  });
});
