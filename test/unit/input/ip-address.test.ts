import { describe, expect, it } from '@jest/globals';
import { ipAddress, networkOf } from '../../../src/input/ip-address.js';

/** What is longer is not looked at. */
const LONGEST = 128;

describe('an address is counted', () => {
  it.each([
    ['an IPv4 address, by itself', '192.0.2.1', '192.0.2.1'],
    ['IPv4 within IPv6, as IPv4', '::ffff:192.0.2.1', '192.0.2.1'],
    ['IPv4 within IPv6, in capitals', '::FFFF:192.0.2.1', '192.0.2.1'],
    ['IPv6, by its /64', '2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['IPv6, whatever comes behind', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['IPv6 in capitals', '2001:DB8:1:2::1', '2001:db8:1:2::/64'],
    ['IPv6 with leading zeros', '2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['IPv6, short', '2001:db8::1', '2001:db8:0:0::/64'],
    ['IPv6 with zeros in the network', '2001:db8:0:1::', '2001:db8:0:1::/64'],
    ['IPv6 with a gap within the network', '2001::2:3:4:5:6', '2001:0:0:2::/64'],
    ['the loopback', '::1', '0:0:0:0::/64'],
    ['nothing', '::', '0:0:0:0::/64'],
    ['a link’s, without its zone', 'fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['IPv6 that ends as IPv4', '64:ff9b::192.0.2.1', '64:ff9b:0:0::/64'],
    ['IPv6 with a port, by its /64', '[2001:db8:1:2::9]:443', '2001:db8:1:2::/64'],
    ['what is no address, as one', 'unknown', 'unknown'],
  ])('%s', (_what, ip, network) => {
    expect(networkOf(ip)).toBe(network);
  });
});

describe('an address has one text, in whatever form it comes:', () => {
  it.each([
    [
      '192.0.2.1',
      ['192.0.2.1', ' 192.0.2.1\t', '192.0.2.1:50123', '192.0.2.1:1', '"192.0.2.1:80"'],
    ],
    [
      '192.0.2.1',
      [
        '::ffff:192.0.2.1',
        '::FFFF:c000:0201',
        '0:0:0:0:0:ffff:c000:201',
        '0000:0000:0000:0000:0000:ffff:192.0.2.1',
        '[::ffff:192.0.2.1]:443',
        '[::ffff:c000:201]',
        '::ffff:192.0.2.1%eth0',
      ],
    ],
    [
      '2001:db8::1',
      [
        '2001:db8::1',
        '2001:DB8:0:0::0001',
        '[2001:db8::1]',
        '[2001:db8::1]:443',
        '"[2001:db8::1]:443"',
        '2001:0db8:0000:0000:0000:0000:0000:0001',
        '2001:db8:0:0:0:0:0:1:50123',
        '2001:db8::1%25en0',
        '[2001:db8::1%en0]:443',
      ],
    ],
    [
      'fe80::1',
      [
        'fe80::1',
        'fe80::1%eth0',
        'fe80::1%1',
        '[fe80::1%25eth0]:1',
        `fe80::1%${'z'.repeat(LONGEST - 'fe80::1%'.length)}`,
      ],
    ],
    ['2001:db8::1:0:beef', ['2001:db8::1:0:beef', '2001:db8:0:0:0:1:0:BEEF:50123']],
    ['::1', ['::1', '0:0:0:0:0:0:0:1', '[::1]:3000']],
  ])('%s', (address, spellings) => {
    for (const spelling of spellings)
      expect([spelling, ipAddress(spelling)]).toEqual([spelling, address]);
  });

  it.each([
    [''],
    ['unknown'],
    ['_hidden'],
    ['192.0.2.1, 192.0.2.2'],
    ['192.0.2.1:123456'],
    ['192.0.2.1:x'],
    ['192.0.2.1:1:2'],
    ['192.0.2'],
    ['192.0.2.256'],
    ['0300.0.2.1'],
    ['0xc0.0.2.1'],
    ['3221225985'],
    ['"192.0.2.1"x'],
    ['x"192.0.2.1"'],
    ['[192.0.2.1'],
    ['[2001:db8::1]x'],
    ['x[2001:db8::1]'],
    ['[2001:db8::1]:443x'],
    ['2001:db8:0:0:0:0:0:1:50123x'],
    ['x2001:db8:0:0:0:0:0:1:50123'],
    ['::2001:db8:0:0:0:0:0:1:50123'],
    ['2001:db8::1::'],
    ['2001:db8::g'],
    ['fe80::1%'],
    ['localhost'],
    ['x'.repeat(2000)],
    [`fe80::1%${'z'.repeat(LONGEST + 1 - 'fe80::1%'.length)}`],
  ])('%j is no address, and all texts like it are counted as one', (text) => {
    expect(ipAddress(text)).toBe('unknown');
    expect(networkOf(text)).toBe('unknown');
  });

  it('its own output is read unchanged', () => {
    for (const text of ['192.0.2.1', '2001:db8::1', 'unknown', '::']) {
      expect(ipAddress(ipAddress(text))).toBe(ipAddress(text));
    }
  });
});
