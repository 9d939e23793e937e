import { describe, expect, it } from '@jest/globals';
import { DeviceTokens } from '../../../src/tokens/device-tokens.js';
import { buildKeys } from '../../../src/tokens/keys.js';
import { ACCESS_SECRET, REFRESH_SECRET } from '../../harness/test-secrets.js';

const NOW = Date.UTC(2026, 10, 27);
const DAY = 24 * 60 * 60_000;
const OTHER_SECRET = Buffer.from([...Buffer.from(REFRESH_SECRET)].toReversed()).toString(
  'base64url',
);

const tokensOf = (secrets: string[] = [REFRESH_SECRET], issuer = 'app') =>
  new DeviceTokens(
    buildKeys([{ algorithm: 'HS256', secret: ACCESS_SECRET }], secrets).refresh,
    issuer,
  );

const devices = tokensOf();
const issue = (userId: string, deviceId = 's1', earlier = '', now = NOW) =>
  devices.issue(userId, deviceId, now, devices.read(earlier, now)).token;

/** The devices for which a text proves that they belong to this user. */
const provenOf = (text: string, userId: string, now = NOW, by = devices) =>
  by.read(text, now).flatMap((proof) => (by.isOf(proof, userId) ? [proof.deviceId] : []));

describe('a device token', () => {
  it('proves that its user has logged in there, and no other', () => {
    const token = issue('1');
    expect(provenOf(token, '1')).toEqual(['s1']);
    for (const userId of ['2', '', '1 ', '01', 's1']) expect(provenOf(token, userId)).toEqual([]);
    expect(devices.read(token, NOW)[0]!.issuedAt).toBe(NOW);
  });

  it('names no user, and reveals none', () => {
    expect(issue('ada@example.com')).not.toContain('ada');
    expect(issue('1', 'a')).not.toContain(issue('1', 'b').split('.')[3]);
  });

  it('lives for a year and not forever', () => {
    const { token, expiresAt } = devices.issue('1', 's1', NOW, []);
    expect(expiresAt).toBe(NOW + 365 * DAY);
    expect(provenOf(token, '1', expiresAt - 1)).toEqual(['s1']);
    expect(provenOf(token, '1', expiresAt)).toEqual([]);
  });

  it('is verified by every configured secret, and signed by the first', () => {
    const rotated = tokensOf([OTHER_SECRET, REFRESH_SECRET]);
    expect(provenOf(issue('1'), '1', NOW, rotated)).toEqual(['s1']);
    const fresh = rotated.issue('1', 's1', NOW, []).token;
    expect(provenOf(fresh, '1')).toEqual([]);
    expect(provenOf(fresh, '1', NOW, tokensOf([OTHER_SECRET]))).toEqual(['s1']);
  });

  it('of another app that has the same secret proves nothing', () => {
    const other = tokensOf([REFRESH_SECRET], 'another app').issue('1', 's1', NOW, []).token;
    expect(devices.read(other, NOW)).toEqual([]);
  });

  it('has a part for each account of a browser, up to five, the latest first', () => {
    let token = '';
    for (let user = 1; user <= 7; user += 1) token = issue(`${user}`, `s${user}`, token);
    const proven = ['7', '6', '5', '4', '3', '2', '1'].map((user) => provenOf(token, user));
    expect(proven).toEqual([['s7'], ['s6'], ['s5'], ['s4'], ['s3'], [], []]);
    const again = issue('5', 's8', token);
    expect(provenOf(again, '5')).toEqual(['s8']);
    expect(again.split('~')).toHaveLength(5);
    expect(again.length).toBeLessThan(1000);
  });

  it('that was changed anywhere proves nothing, and is not passed on', () => {
    const token = issue('1', '0123456789abcdef0123456789abcdef');
    for (let i = 0; i < token.length; i += 1) {
      const changed = token.slice(0, i) + (token[i] === 'b' ? 'c' : 'b') + token.slice(i + 1);
      expect(devices.read(changed, NOW)).toEqual([]);
      expect(issue('2', 's2', changed).split('~')).toHaveLength(1);
    }
  });

  it.each<[string, (token: string) => string]>([
    ['something before it', (token) => `!${token}`],
    ['something after it', (token) => `${token}!`],
    ['a fifth field', (token) => `${token}.x`],
    ['a line break', (token) => `${token}\n`],
  ])('with %s proves nothing', (_what, changed) => {
    expect(devices.read(changed(issue('1')), NOW)).toEqual([]);
  });

  it('has a fixed form: a change would make every device unknown after an upgrade', () => {
    expect(issue('1')).toBe(
      's1.mwy7sw00.VklzJArZgH5xQyfHrPEImn9e6uMt29-AgXCmNm7MfMA.Qnn4NV7auDu-wsHoZeHWETlyQqF975Sycrvu3E8qKBw',
    );
  });

  describe('among other values in cookies of its name', () => {
    const token = issue('1');
    const claims = token.slice(0, token.lastIndexOf('.'));
    /** Different texts in the form of our tokens. */
    const forged = (i: number) => `${claims}.${String(i).padStart(43, 'A')}`;

    it.each<[string, (i: number) => string]>([
      ['nothing', () => ''],
      ['junk', (i) => `junk${i}`],
      ['forgeries', forged],
    ])('is found behind as much as a header can hold of %s', (_what, other) => {
      const others = Array.from({ length: 125 }, (_, i) => other(i));
      expect(provenOf([...others, token].join('~'), '1')).toEqual(['s1']);
    });

    it('takes limited work, however long the text', () => {
      const others = Array.from({ length: 20_000 }, (_, i) => forged(i));
      expect(devices.read([...others, token].join('~'), NOW)).toEqual([]);
    });

    it('counts by its age, and not by its position', () => {
      const later = issue('1', 's2', '', NOW + 1);
      for (const text of [`${token}~${later}`, `${later}~${token}`]) {
        expect(provenOf(text, '1', NOW + 2)).toEqual(['s2', 's1']);
      }
    });

    it('is passed on once for each account, so that no account is lost for another', () => {
      const earlier = [1, 2, 3, 4, 5].map((day) => issue('2', `s${day}`, '', NOW + day * DAY));
      const text = [issue('3', 's3'), ...earlier].join('~');
      const issued = issue('1', 's1', text, NOW + 6 * DAY);
      expect(['1', '2', '3'].map((user) => provenOf(issued, user, NOW + 6 * DAY))).toEqual([
        ['s1'],
        ['s5'],
        ['s3'],
      ]);
    });

    it('is passed on in its latest form', () => {
      const earlier = [1, 2, 3].flatMap((day) =>
        ['2', '3', '4', '5'].map((user) => issue(user, `s${user}-${day}`, '', NOW + day * DAY)),
      );
      const issued = issue('1', 's1', earlier.join('~'), NOW + 4 * DAY);
      const proven = ['1', '2', '3', '4', '5'].map((user) => provenOf(issued, user, NOW + 4 * DAY));
      expect(proven).toEqual([['s1'], ['s2-3'], ['s3-3'], ['s4-3'], ['s5-3']]);
    });
  });

  it.each([[''], ['~'], ['~~~~'], ['x'], ['a.b.c.d'], ['j:{}'], ['\0'], ['~'.repeat(16_000)]])(
    'is not %j',
    (text) => {
      expect(devices.read(text, NOW)).toEqual([]);
    },
  );
});
