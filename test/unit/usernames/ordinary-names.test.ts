import { describe, expect, it } from '@jest/globals';
import { mappedName, nameRefusal, preparedName } from '../../../src/usernames/usernames.js';

/** Names as people write them, with the characters of their keyboards and phones. */
const NAMES: Record<string, string> = {
  Afrikaans: 'Pieter,Chané,Renée,Zoë',
  Albanian: 'Gëzim,Çlirim,Besnik,Vjosa',
  Amharic: 'አበበ,ሰላም,ጸሐይ,ኃይሌ',
  Arabic: 'محمد,عبد الله,فاطمة,عَائِشَة,رُؤى',
  Armenian: 'Սևակ,Արևիկ,Հայկ,Եվա,ԳԵՎՈՐԳ',
  Assamese: 'ৰাহুল,মৌচুমী,প্ৰিয়া',
  Azerbaijani: 'Əli,İlqar,Günəş,Çingiz',
  Basque: 'Eñaut,Ane,Itziar',
  Belarusian: 'Аляксандр,Дар’я,Ўладзімір,Юлія',
  Bengali: 'র‍্যাচেল,সৌমিত্র,রহমান,উৎপল,শ্রেয়া',
  Bulgarian: 'Георги,Цветелина,Щерю',
  Burmese: 'အောင်ဆန်း,ခင်မျိုးချစ်,သန်းရွှေ',
  Catalan: 'Gal·la,Jordi,Núria,MARCEL·LA,Gaŀla,Mª Àngels',
  Chinese: '王小明,陳大文,李二,欧阳,王一',
  Croatian: 'Đorđe,Željka,Ǆemal,Šćepan',
  Czech: 'Jiří,Žofie,Dvořák,Růžena',
  Danish: 'Søren,Åse,Kjær',
  Divehi: 'އަޙްމަދު,މަރިޔަމް',
  Dutch: 'Daniël,Ĳsbrand,Joost van ’t Hoff,Anne‑Marie',
  Estonian: 'Õnne,Jüri,Mäe',
  Ewe: 'Ʋɔtsa,Ɖela,Aƒeɖe,Eƒo',
  Finnish: 'Päivi,Yrjö,Åke',
  French: 'François,Zoé,L’Hermite,Jean‐Luc,Œdipe,Maëlys',
  Galician: 'Brais,Iñaki,Uxía',
  Georgian: 'გიორგი,ნინო,თამარ',
  German: 'Jürgen,Weiß,Käthe,GROẞ',
  Greek: 'Γιώργος,Ελένη,Αλέξης,ΜΑΡΊΑ,Φαίη',
  Gujarati: 'નરેન્દ્ર,પ્રિયા,હિતેશ',
  Hausa: 'Ɗanjuma,Ƙasimu,Ɓala',
  Hawaiian: 'Hawaiʻi,ʻIolani,Kawaiʻaeʻa,Kamāmalu',
  Hebrew: 'ז׳אן,בן־גוריון,צ׳רצ׳יל,שרה,יְהוּדָה',
  Hindi: 'राम,कृष्ण,ऋषि,श्रीमती,ज़ैनब',
  Hungarian: 'Győző,Ödön,Szűcs',
  Icelandic: 'Þórður,Æsa,Guðrún',
  Igbo: 'Chịnedụ,Ọbịọma,Ṅkeiru',
  Irish: 'Siobhán,Ó Súilleabháin,O’Brien,O‘Neill',
  Italian: 'Niccolò,D’Angelo,Dell’Acqua',
  Japanese: '田中,エミ,田中エミ,ひろし,江ノ島,サーバー,アンナ・マリ,佐々木,市ヶ谷',
  Kannada: 'ಶ್ರೀನಿವಾಸ,ಕೃಷ್ಣ,ರಾಜ್‌ಕುಮಾರ್',
  Kazakh: 'Әлия,Нұрсұлтан,Қайрат,Іңкәр',
  Khmer: 'សុខា,ស្រីមុំ,វិចិត្រ',
  Korean: '김철수,이영희,박서준',
  Kurdish: 'Şîrîn,Çiya,ڕێبوار,هێمن,که‌ژاڵ',
  Lao: 'ສົມຈຳ,ບຸນມີ,ໜູ,ໝີ,ຄຳຜຸຍ',
  Latvian: 'Ģirts,Ķēniņš,Ļubova',
  Lithuanian: 'Žydrūnas,Ąžuolas,Ėva',
  Malayalam: 'രാജന്‍,അനില്‍,കൃഷ്ണൻ,ശ്രീ',
  Maltese: 'Ġorġ,Ħaġar,Żaren',
  Maori: 'Māui,Hēmi,Whetū',
  Marathi: 'तुकाराम,ज्ञानेश्वर,सुऱ्या,दऱ्‍या',
  Mongolian: 'Батбаяр,Өнөрбаян,Үүрцайх',
  Nepali: 'गर्‍यो,प्रकाश,श्रेष्ठ',
  Norwegian: 'Øyvind,Åge,Bjørg',
  Odia: 'ଜଗନ୍ନାଥ,ପ୍ରିୟା,ଓଡ଼ିଆ',
  Pashto: 'ښاپېرۍ,ګلالۍ,زړور',
  Persian: 'علی‌رضا,مهدی,می‌خواهم,کریم,ژاله',
  Polish: 'Łukasz,Świętosława,Józef,Żaneta',
  Portuguese: 'João,Conceição,Antônio',
  Punjabi: 'ਗੁਰਪ੍ਰੀਤ,ਸਿੰਘ,ਅੰਮ੍ਰਿਤ',
  Romanian: 'Ștefan,Ţepeş,Mădălina,Înăchi',
  Russian: 'Наталья,Фёдор,О’Брайен,Ольга',
  Samoan: 'Faʻafetai,Tuʻi',
  Serbian: 'Ђорђе,Љубиша,Његош,Џемал',
  Sinhala: 'ශ්‍රීනාත්,ප්‍රසන්න,චන්ද්‍රිකා,සුනිල්',
  Slovak: 'Ľubomír,Štefánia,Ďuro,Ŕ',
  Spanish: 'Íñigo,Mª Carmen,Agüero,Muñoz',
  Swedish: 'Åsa,Örjan,Märta',
  Tajik: 'Ҷамшед,Зӯҳро,Ғайрат',
  Tamil: 'கிருஷ்ணன்,ஸ்ரீதர்,ஐஸ்வர்யா',
  Telugu: 'శ్రీనివాస్,కృష్ణ,రాజ్‌కుమార్',
  Thai: 'น้ำฝน,อำนาจ,กำพล,สมชาย,ป๋วย',
  Tibetan: 'བསྟན་འཛིན,རྒྱ་མཚོ,ཚེ་རིང',
  Tongan: 'Tāufaʻāhau,ʻAna',
  Turkish: 'İbrahim,Işıl,Çağrı,Gökçe',
  Ukrainian: "В’ячеслав,В'ячеслав,Її,Ґалаґан",
  Urdu: 'عائشہ,کلثوم,بٹ,ھادی',
  Uyghur: 'ئابدۇرېھىم,گۈلنار',
  Uzbek: 'Oʻktam,Gʻayrat,O‘tkir,Ўктам',
  Vietnamese: 'Nguyễn,Đặng,Trần Thị Bưởi',
  Welsh: 'Siân,Llŷr,Gwenllïan',
  Yoruba: 'Olúṣẹ́gun,Adébáyọ̀,Ṣadé',
};

describe('an ordinary name', () => {
  it.each(Object.entries(NAMES))('of %s is accepted', (_language, names) => {
    const refused = names.split(',').filter((name) => nameRefusal(name) !== null);
    expect(refused).toEqual([]);
  });

  it.each(Object.entries(NAMES))('of %s is unchanged when it is prepared', (_language, names) => {
    for (const name of names.split(',')) {
      expect(preparedName(preparedName(name))).toBe(preparedName(name));
      expect(mappedName(mappedName(name))).toBe(mappedName(name));
      expect(mappedName(preparedName(name))).toBe(mappedName(name));
    }
  });

  it.each([
    ['O’Brien', "O'Brien"],
    ['Hawaiʻi', "Hawai'i"],
    ['ז׳אן', "ז'אן"],
    ['בן־גוריון', 'בן-גוריון'],
    ['Gaŀla', 'Gal·la'],
    ['Սևակ', 'Սեւակ'],
    ['น\u0e49\u0e4d\u0e32', 'น้ำ'],
    ['น\u0e4d\u0e49\u0e32', 'น้ำ'],
    ['ໜູ', 'ຫນູ'],
    ['രാജന്‍', 'രാജൻ'],
    ['Ǆemal', 'DŽemal'],
  ])('is the same in every way of typing it: %j is %j', (typed, name) => {
    expect(preparedName(typed)).toBe(name);
    expect(preparedName(name)).toBe(name);
  });

  it.each([
    ['a joiner among Latin letters', 'bo\u200css'],
    ['a joiner after a letter that joins nothing', 'دا\u200cود'],
    ['a joiner after a vowel', 'रा\u200cम'],
    ['two joiners', 'ශ්\u200d\u200dර'],
    ['a joiner at the end', 'क्\u200d'],
    ['a joiner at the beginning', '\u200cعلی'],
    ['a middle dot elsewhere', 'bo·ss'],
    ['a middle dot at the end', 'gal·'],
    ['a Tibetan dot elsewhere', 'བ་'],
    ['two Tibetan dots', 'བ་་བ'],
    ['digits of two kinds', 'ناصر٣۴'],
    ['another mark for an apostrophe', 'O\u00b4Brien'],
  ])('may not have %s', (_what, name) => {
    expect(nameRefusal(name)).not.toBeNull();
  });

  it.each([
    ['ada²', '“²” (U+00B2)'],
    ['bo\u200dss', 'U+200D'],
    ['b\u043ess', '“о” (U+043E)'],
    ['ad\u0251', '“ɑ” (U+0251)'],
    ['o\u02bcbrien', '“ʼ” (U+02BC)'],
    ['o\ufb03ce', '“ﬃ” (U+FB03)'],
    ['boss\u4e00x', '“一” (U+4E00)'],
  ])('that is refused names the character: %j for %s', (name, character) => {
    expect(nameRefusal(name)).toContain(character);
  });
});
