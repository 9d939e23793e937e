import { describe, expect, it } from '@jest/globals';
import {
  judgeOrdinary,
  type OrdinaryVerdict,
} from '../../../src/app/demo/ordinary/ordinary-rotation.js';
import { OrdinarySessions } from '../../../src/app/demo/ordinary/ordinary-sessions.js';

describe('ordinary rotation, which the demo compares with,', () => {
  it.each<[string, { current: string; isEnded: boolean } | undefined, string, OrdinaryVerdict]>([
    ['rotates the current token', { current: 'B', isEnded: false }, 'B', 'rotated'],
    ['takes a used one for theft', { current: 'B', isEnded: false }, 'A', 'reused'],
    ['refuses every token of an ended family', { current: 'B', isEnded: true }, 'B', 'ended'],
    ['refuses a token that it never issued', undefined, 'X', 'unknown'],
  ])('%s', (_, family, token, verdict) => {
    expect(judgeOrdinary(family, token)).toBe(verdict);
  });

  it('gives a new token for each refresh, and signs nobody out who uses each once', () => {
    const sessions = new OrdinarySessions();
    const tokens = [sessions.start()];
    for (let refreshes = 0; refreshes < 50; refreshes += 1) {
      tokens.push(sessions.refresh(tokens.at(-1)!).successor!);
    }
    expect(new Set(tokens).size).toBe(51);
  });

  it('finds a thief, whose copy and the owner’s token are worthless from then on', () => {
    const sessions = new OrdinarySessions();
    const copied = sessions.start();
    const owners = sessions.refresh(copied).successor!;
    expect(sessions.refresh(copied)).toEqual({ verdict: 'reused', successor: null });
    expect(sessions.refresh(owners)).toEqual({ verdict: 'ended', successor: null });
  });

  it('ends only the family whose token was reused', () => {
    const sessions = new OrdinarySessions();
    const [first, second] = [sessions.start(), sessions.start()];
    sessions.refresh(first);
    sessions.refresh(first);
    expect(sessions.refresh(second).verdict).toBe('rotated');
  });
});
