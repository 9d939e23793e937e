const FIRST = 'a'.charCodeAt(0);
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * How surprising each letter of English is after each other one, in quarters of a bit, rounded up: 27 rows (a word's
 * start, then a to z) of 26.
 */
const QUARTER_BITS = [
  'QSPRSTVVTaXURWVPdSORYWWmcg',
  'hVSSicVYTgXOSLeViMQNWXehXd',
  'LZgjJnjlMblOejOjoPVcOkkoYm',
  'MlWjMmmMPnTUjkKlkUcPSmnocn',
  'MjhYHldkKilafgMlnVUhQcfnao',
  'TaSQXZXdXhbRSLeYfKMSbXbXbg',
  'MjklLPhkKokTkjLmoPdUQolmal',
  'MimjIlWSMnbUeTQjoPVZPnmnck',
  'JiliInmjMndYaXMjlUbRUleoak',
  'RZQURYUgjjZRTKPYfSPPfVmfdZ',
  'IniiJnmjSjojkoKfogXoKhoooo',
  'JfliJffeMjbUcWQjoZQVOohoal',
  'LeeVJeddLmeNahOdlkVUTckoSl',
  'KTjgIlklMnkfThNPojXhSmmncn',
  'PkROOaMdQfabeVSkiiPLWalnWe',
  'bYUVdYXeZhZQQJWUlLQTQWVgbg',
  'LlhfKhiWQnjPdkMToLXUSnooen',
  'iojooooogooZoooooohfBooooo',
  'MdXUJdYhNkYYVWOekWRRUahnXi',
  'PhRiLfiUNobbbgPTgiPKQlfnbm',
  'MkdkJjkQKniadhOinPSUSkenWh',
  'SVTVQaWbThYQRMdUlMNPmcmdab',
  'LljfFnjlJomiloOloaimagnmio',
  'JhjiKinPKjkbjSNioVSeZlfmeo',
  'NgOoMgoaMooheiXJkooLXkoaZm',
  'JaYXMiflQoiRVULToYPYTkaonj',
  'KhcZJodjKooVfkPnkjeWPnZobR',
];

/** Bits that say the letter (a to z), after the one before it or (`''`) at the start of a word. */
export function bitsOfLetter(letter: string, before: string): number {
  const row = before === '' ? 0 : before.charCodeAt(0) - FIRST + 1;
  return DIGITS.indexOf(QUARTER_BITS[row]![letter.charCodeAt(0) - FIRST]!) / 4;
}

/** Bits that say letters of one case, as if they were one word. */
export function bitsOfLetters(letters: string): number {
  const small = [...letters.toLowerCase()];
  return small.reduce((bits, letter, i) => bits + bitsOfLetter(letter, small[i - 1] ?? ''), 0);
}
