import { describe, expect, it } from '@jest/globals';
import {
  clientOf,
  queueTurnOf,
  readClient,
  UNKNOWN_CLIENT,
} from '../../../src/events/client-info.js';

describe('a client', () => {
  it.each([
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['office', 'unknown'],
    ['', null],
    [null, null],
    [7, null],
    [undefined, null],
  ])('given by the app with the address %p has the address %p', (ip, read) => {
    expect(readClient({ ip, userAgent: 'curl' })).toEqual({ ip: read, userAgent: 'curl' });
  });

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['', 'unknown'],
    [undefined, 'unknown'],
    [7, 'unknown'],
  ])('whose request has the address %p is counted by limits as %p', (ip, counted) => {
    expect(clientOf({ ip, headers: {} }).ip).toBe(counted);
  });

  it.each([
    ['curl', 'curl'],
    ['', ''],
    ['a\0b\ud800c', 'a b c'],
    ['\u{1f98a}', '\u{1f98a}'],
    [`${'x'.repeat(254)}\u{1f98a}`, `${'x'.repeat(254)} `],
    [['curl', 'wget'], null],
    [undefined, null],
  ])('that names itself %j is stored as %j', (userAgent, stored) => {
    const headers = { 'user-agent': userAgent };
    expect(clientOf({ ip: '192.0.2.1', headers })).toEqual({ ip: '192.0.2.1', userAgent: stored });
  });

  it('waits in the line of its network, as a stranger unless the device is known', () => {
    const client = { ip: '2001:db8::1', userAgent: null };
    const from = '2001:db8:0:0::/64';
    expect(queueTurnOf(client)).toEqual({ from, isKnown: false });
    expect(queueTurnOf(client, true)).toEqual({ from, isKnown: true });
    expect(queueTurnOf(UNKNOWN_CLIENT)).toEqual({ from: null, isKnown: false });
  });
});
