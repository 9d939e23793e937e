import { describe, expect, it } from '@jest/globals';
import { isSessionId, requireSessionIdOrNone } from '../../../src/sessions/session-id.js';
import { refusedWith } from '../in-memory-app.js';

const ID = '0123456789abcdef0123456789abcdef';

const others: [string, unknown][] = [
  ['a digit less', ID.slice(1)],
  ['a digit more', `${ID}0`],
  ['a digit more in front', `0${ID}`],
  ['a line end', `${ID}\n`],
  ['capital letters', ID.toUpperCase()],
  ['a letter beyond f', ID.replace('a', 'g')],
  ['nothing in it', ''],
  ['a list around it', [ID]],
  ['an object that turns into it', { toString: () => ID }],
  ['a number', 42],
];

describe('the id of a session', () => {
  it('has 32 lower-case hexadecimal digits', () => {
    expect(isSessionId(ID)).toBe(true);
    expect(requireSessionIdOrNone(ID)).toBe(ID);
  });

  it.each(others)('is not one with %s', (_what, value) => {
    expect(isSessionId(value)).toBe(false);
  });

  it.each(others)('to keep is refused with %s', async (_what, value) => {
    expect(await refusedWith((async () => requireSessionIdOrNone(value))())).toEqual({
      code: 'invalid_request',
      sessionEnded: false,
      message: 'keepSessionId: must be the id of a session, or null',
    });
  });

  it.each([null, undefined])('to keep may be left out: %p', (none) => {
    expect(requireSessionIdOrNone(none)).toBeNull();
  });
});
