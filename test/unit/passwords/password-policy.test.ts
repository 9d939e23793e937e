import { Logger } from '@nestjs/common';
import { describe, expect, it, jest } from '@jest/globals';
import { PasswordPolicy } from '../../../src/passwords/password-policy.js';

const policy = (minLength = 15, contextWords: string[] = []) =>
  new PasswordPolicy({ minLength, contextWords }, null);

const refusal = (password: string, ownWords: string[] = [], minLength = 15) =>
  policy(minLength).refusalOf(password, ownWords);

const throwing = (): never => {
  throw new Error('down');
};

const returning = (value: unknown) => async () => value as boolean;

describe('a new password', () => {
  it.each([
    ['a passphrase', 'correct horse battery staple'],
    ['fifteen characters', 'q8#vL2mZ!t6Rw9x'],
    ['fifteen characters of any script', 'лошадь с батаре'],
    ['fifteen emoji', '🐎🔋📎✅🦊🌵🎩🚲🪁🧊🥁🛶🎈🧶🪕'],
    ['letters only', 'ghzqwmvbtrkplxsd'],
    ['digits only', '8261940375518264'],
    ['with blanks at its ends', '  blue seven lamp  '],
    ['of 1024 characters', `${'Nur ein sehr langer Satz, '.repeat(39)}endet hier.`.slice(0, 1024)],
    ['of 64 characters', 'the quick brown fox jumps over the lazy dog and sleeps until ten'],
  ])('may be %s: there are no composition rules', async (_what, password) => {
    expect(await refusal(password)).toBeNull();
  });

  describe('that is short is refused, by code points', () => {
    it.each([
      ['a character short', 'q8#vL2mZ!t6Rw9', 14],
      ['of characters that take two units each', '🔑🐎🔋📎✅🦊🌵🎩🚲🪁🧊🥁🛶🎈', 14],
      ['of letters that are written in two pieces', 'e\u0301'.repeat(14), 14],
      ['empty', '', 0],
    ])('%s', async (_what, password, length) => {
      expect(await refusal(password)).toBe(
        `must have at least 15 characters, this one has ${length}`,
      );
    });

    it('down to the configured length', async () => {
      expect(await refusal('vL2mZ!t6', [], 8)).toBeNull();
      expect(await refusal('vL2mZ!t', [], 8)).toMatch(/at least 8 characters, this one has 7/);
    });
  });

  describe('that is common is refused', () => {
    it.each([
      ['unchanged', 'password'],
      ['in capitals', 'PASSWORD'],
      ['with digits behind', 'password123456'],
      ['with digits in front', '2030password'],
      ['with signs around', '!!password??'],
      ['twice', 'passwordpassword'],
      ['three times', 'dragondragondragon'],
      ['two and a half times', 'dragondragondra'],
      ['as a short piece repeated', 'abcdabcdabcdabcd'],
      ['as one character repeated', 'aaaaaaaaaaaaaaaa'],
      ['as one emoji repeated', '🔑🔑🔑🔑🔑🔑🔑🔑'],
      ['as a row of digits', '1234567890'],
      ['as keys beside each other', 'qwertyuiop'],
    ])('%s', async (_what, password) => {
      expect(await refusal(password, [], 8)).toMatch(/most used/);
    });

    it('but not a passphrase that contains a common word', async () => {
      expect(await refusal('my dragon sleeps all day')).toBeNull();
    });
  });

  describe('that is made of the user’s own words is refused', () => {
    it.each([
      ['the username', 'christopherson', ['christopherson']],
      ['the username in capitals', 'CHRISTOPHERSON', ['christopherson']],
      ['the username in full width', 'ｃｈｒｉｓｔｏｐｈｅｒｓｏｎ', ['christopherson']],
      ['the username and digits', 'christopherson2030', ['christopherson']],
      ['the username twice', 'hildegundhildegund', ['hildegund']],
      ['a short username repeated', 'adaadaadaadaada', ['ada']],
      ['a username that many have for a password', 'dragon1990', ['dragon']],
      ['the e-mail address', 'ada.lovelace@example.com', ['ada.lovelace@example.com']],
      ['pieces of the e-mail address', 'lovelace-ada-example', ['ada.lovelace@example.com']],
    ])('%s', async (_what, password, words) => {
      expect(await refusal(password, words, 8)).toMatch(/made of your own name/);
    });

    it('and so is one made of the service’s name', async () => {
      const strict = policy(8, ['Wonderbank']);
      expect(await strict.refusalOf('wonderbank2030!', [])).toMatch(/this service’s/);
      expect(await strict.refusalOf('wonderbank owes me tea', [])).toBeNull();
    });

    it('but not one that merely contains them', async () => {
      expect(await refusal('ada ate seven green pears', ['ada'])).toBeNull();
    });

    it('nor one of signs that can be written in two ways', async () => {
      expect(await refusal('８２６１９４０３７５５１８２６４', ['ada'])).toBeNull();
    });

    it('and words of one or two letters don’t count', async () => {
      expect(await refusal('8261940375518264', ['a', 'bo', ''])).toBeNull();
    });

    it('with a message that contains neither the password nor the words', async () => {
      const sentence = await refusal('christopherson2030', ['christopherson']);
      expect(sentence).not.toMatch(/christopherson/);
    });
  });

  describe('that has leaked', () => {
    const leaked = new PasswordPolicy({ minLength: 15, contextWords: [] }, async () => true);

    it('is refused, with the reason', async () => {
      expect(await leaked.refusalOf('correct horse battery staple', [])).toBe(
        'is known from a data breach',
      );
    });

    it('is not checked if it is refused anyway', async () => {
      const checked: string[] = [];
      const withCheck = new PasswordPolicy({ minLength: 8, contextWords: [] }, async (password) => {
        checked.push(password);
        return false;
      });
      await withCheck.refusalOf('short', []);
      await withCheck.refusalOf('password', []);
      await withCheck.refusalOf('christopherson', ['christopherson']);
      expect(checked).toEqual([]);
      expect(await withCheck.refusalOf('blue seven lamp', [])).toBeNull();
      expect(checked).toEqual(['blue seven lamp']);
    });

    it.each<[string, () => Promise<boolean>]>([
      ['throws', throwing],
      ['rejects', async () => throwing()],
      ['never responds', () => new Promise(() => {})],
      ['returns a function, as one that makes checks does', returning(async () => true)],
      ['says nothing', returning(undefined)],
      ['says how often', returning(5)],
    ])('is accepted, with a warning, if the check %s', async (_how, check) => {
      const warn = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => {});
      // Loads the list of common passwords, which takes real time.
      await refusal('blue seven lamp', [], 8);
      jest.useFakeTimers();
      try {
        const withCheck = new PasswordPolicy({ minLength: 8, contextWords: [] }, check);
        const refused = withCheck.refusalOf('blue seven lamp', []);
        await jest.advanceTimersByTimeAsync(4000);
        expect(await refused).toBeNull();
        expect(warn.mock.calls.join()).toContain('isBreached failed');
      } finally {
        jest.useRealTimers();
        warn.mockRestore();
      }
    });
  });
});
