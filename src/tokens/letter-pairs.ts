const FIRST = 'a'.charCodeAt(0);
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/**
 * How surprising each letter is after each other one in English, in quarters of a bit, rounded up: 27 rows (start of a
 * word, then a to z) of 26.
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

/** Bits that describe a letter (a to z), after the previous one or (`''`) at the start of a word. */
export function bitsOfLetter(letter: string, before: string): number {
  const row = before === '' ? 0 : before.charCodeAt(0) - FIRST + 1;
  return DIGITS.indexOf(QUARTER_BITS[row]![letter.charCodeAt(0) - FIRST]!) / 4;
}

/** Bits that describe letters of one case, as if they were one word. */
export function bitsOfLetters(letters: string): number {
  const small = [...letters.toLowerCase()];
  return small.reduce((bits, letter, i) => bits + bitsOfLetter(letter, small[i - 1] ?? ''), 0);
}
