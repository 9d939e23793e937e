import { describe, expect, it } from '@jest/globals';
import { latinReadings, lookalikesOf } from '../../../src/usernames/lookalikes.js';
import { mappedName, nameRefusal, preparedName } from '../../../src/usernames/usernames.js';

describe('a new name', () => {
  it.each([
    'ada',
    'Ada Lovelace',
    "O'Brien",
    'josé',
    'Müller',
    'İpek',
    'ẹ\u0301kọ\u0301',
    '名前',
    'ｶﾞﾝﾀﾞﾑ',
    'サーバー',
    'Tanaka 田中',
    '김철수',
    'Иван',
    'Ελένη',
    'محمد',
    'שָׁלוֹם',
    'नेहा',
    'สมชาย',
    'adä 😀',
    'user_1-2.3',
    '42',
    'ada+news@example.com',
    'иван@example.com',
    'josé@пример.рф',
    'наталья',
    'αλέξης',
    'Işıl',
    'Þór',
    'Kofi Ŋ',
    'Ţepeş',
    "o'brien",
    'a.b-c_d',
    'Tom一郎',
    'Anna・マリ',
    '一',
    'luna ✨',
  ])('may be %j', (name) => {
    expect(nameRefusal(name)).toBeNull();
  });

  it.each([
    ['a zero-width space', 'boss\u200b'],
    ['a soft hyphen', 'bo\u00adss'],
    ['a turn of direction', '\u202eboss'],
    ['an isolate', '\u2066boss\u2069'],
    ['a joiner', 'bo\u200dss'],
    ['a word joiner', 'bo\u2060ss'],
    ['a byte order mark', '\ufeffboss'],
    ['a variation selector', 'boss\ufe0f'],
    ['a tag', 'boss\u{e0041}'],
    ['a Hangul filler', 'boss\u3164'],
    ['a narrow Hangul filler', 'boss\uffa0'],
    ['a Braille blank', 'boss\u2800'],
    ['a no-break space', 'bo\u00a0ss'],
    ['a line separator', 'bo\u2028ss'],
    ['nothing else', '\u200b\u2060'],
    ['a combining joiner', 'bo\u034fss'],
  ])('may not have invisible characters: %s', (_what, name) => {
    expect(nameRefusal(name)).toMatch(/invisible characters/);
  });

  it.each([' boss', 'boss ', 'bo  ss', '\u3000boss'])('may not be %j', (name) => {
    expect(nameRefusal(name)).toMatch(/space/);
  });

  it.each([
    ['a Cyrillic о', 'b\u043ess'],
    ['a Greek omicron', 'b\u03bfss'],
    ['a Cherokee letter', '\u13a0da'],
    ['a Latin letter for phonetics', 'ad\u0251'],
    ['a click', 'ada\u01c3'],
    ['a modifier letter', 'o\u02bcbrien'],
    ['a Bengali digit', 'ada\u09ea'],
    ['a mix in an address', '\u0430da@example.com'],
    ['a mix in a domain', 'ada@ex\u0430mple.com'],
    ['a Lisu letter', '\ua4d0oss'],
    ['a j without its dot', '\u0237ohn'],
    ['a letter that nobody writes any more', '\u01bfaul'],
    ['a Cyrillic letter that no identifier has', '\u0501\u0430'],
    ['an ideograph for a hyphen', 'boss\u4e00x'],
    ['a long vowel for a hyphen', 'boss\u30fcx'],
    ['a stroke at the end', 'boss\u4e3f'],
    ['a middle dot', 'boss\u30fbx'],
  ])('may not mix look-alike letters: %s', (_what, name) => {
    expect(nameRefusal(name)).toMatch(/scripts|signs of ASCII|marks/);
  });

  it.each([
    ['a mark of nothing', '\u0301ada'],
    ['a mark that strikes out', 'a\u0338da'],
    ['a mark twice', 'a\u0302\u0323\u0323da'],
    ['a second dot', 'i\u0307da'],
    ['a dot on what has lost it', 'adm\u0131\u0307n'],
    ['a dot on a Cyrillic letter that has one', '\u0456\u0307\u0430'],
    ['a heavy minus', 'boss\u2796x'],
    ['a squared letter', '\u{1f170}da'],
    ['a sign of registration', 'boss\u00ae'],
    ['a heap of marks', 'x\u0300\u0301\u0303\u0304\u0306\u0308'],
    ['a mathematical letter', '𝐛oss'],
    ['a ligature', 'o\ufb03ce'],
    ['a superscript', 'ada²'],
    ['an unassigned character', 'ada\u0378'],
    ['private use', 'ada\ue000'],
    ['signs alone', '...'],
    ['an emoji alone', '😀'],
  ])('may not have %s', (_what, name) => {
    expect(nameRefusal(name)).not.toBeNull();
  });

  it('may not grow beyond its column', () => {
    expect(nameRefusal('u'.repeat(255))).toBeNull();
    expect(nameRefusal('ﾊﾟ'.repeat(130))).toBeNull();
    expect(nameRefusal('u'.repeat(256))).toBe('is too long when written in full');
  });

  it('has one canonical form', () => {
    expect(preparedName('Ａｄａ')).toBe('Ada');
    expect(preparedName('Zoe\u0308')).toBe('Zoë');
    expect(mappedName('ＡＤＡ')).toBe('ada');
    expect(mappedName('ZOE\u0308')).toBe('zoë');
    expect(mappedName('İPEK')).toBe('ipek');
  });

  it('may look all Latin without being it', () => {
    expect(latinReadings('\u0441\u0430\u0440\u0430')).toEqual(['capa']);
    expect(latinReadings('adm\u0131n')).toContain('admin');
    expect(latinReadings('\u0442\u043e\u043c 7')).toEqual(['tom 7']);
    for (const name of ['ada', 'иван', '名前', 'josé', '']) expect(latinReadings(name)).toEqual([]);
  });

  it.each([
    ['сорү', 'copy'],
    ['раӱ', 'paÿ'],
    ['ոօս', 'nou'],
    ['ΝΟΡΑ', 'nopa'],
    ['νορα', 'nopa'],
    ['νορα', 'vopa'],
    ['Тоm', 'tom'],
    ['ІСА', 'ica'],
    ['Ɩogin', 'login'],
    ['ΝΙΝΑ', 'nina'],
    ['ΝΙΝΑ', 'nlna'],
    ['ΝΙΚΙΤΑ', 'nikita'],
    ['МІКЕ', 'mike'],
    ['کریم', 'كريم'],
    ['على', 'علی'],
    ['王ニ', '王二'],
    ['李エ', '李工'],
    ['ɖorɖe', 'đorđe'],
    ['Ðorðe', 'đorđe'],
    ['علی\u200cرضا', 'علیرضا'],
    ['ɩris', 'iris'],
    ['сара@example.com', 'capa@example.com'],
  ])('%j looks like %j', (name, latin) => {
    expect(lookalikesOf(name)).toContain(latin);
  });

  it.each([
    ['copy', 'сорү'],
    ['paÿ', 'раӱ'],
    ['nou', 'ոօս'],
    ['nou', 'νου'],
    ['login', 'ɩogin'],
    ['admin', 'admın'],
    ['capa@example.com', 'сара@example.com'],
    ['ορο', 'оро'],
    ['оро', 'ορο'],
    ['nina', 'νινα'],
    ['nikita', 'νικιτα'],
    ['كريم', 'کریم'],
    ['علی', 'على'],
    ['王二', '王ニ'],
    ['李工', '李エ'],
    ['đorđe', 'ɖorɖe'],
    ['đorđe', 'ðorðe'],
    ['Țepeș', 'ţepeş'],
  ])('%j is what %j looks like, whichever was first', (name, other) => {
    expect(lookalikesOf(name)).toContain(other);
  });

  it('costs the directory few queries', () => {
    for (const name of [
      'john',
      'ada',
      'наталья',
      '名前',
      'josé',
      'user10',
      'a.b-c_d',
      '田中',
      'محمد',
    ]) {
      expect(lookalikesOf(name).length).toBeLessThanOrEqual(2);
    }
    expect(lookalikesOf('оо-ο'.repeat(40)).length).toBeLessThanOrEqual(7);
    expect(lookalikesOf('yhiaceopsxkbtmr').length).toBeLessThanOrEqual(7);
  });
});
