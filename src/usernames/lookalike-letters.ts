/**
 * Letters and digits, each followed by what it looks like. From Unicode 17's confusables: see test/lookalike-letters/.
 */
export const LOOKALIKE_LETTERS: Readonly<Record<string, string>> = {
  Latin: 'þp ıi ƒf Ɩl Ʒ3 ɣy ɩi ʋu',
  Greek: 'Αa Βb Εe Ζz Ηh Ιl Κk Μm Νn Οo Ρp Τt Υy Χx αa γy ιi νv οo ρp σo υu',
  Cyrillic:
    'Ѕs Іl Јj Аa Вb Еe З3 Кk Мm Нh Оo Рp Сc Тt Уy Хx Ыbl Ьb Юlo аa б6 гr еe оo рp сc уy хx шw ѕs іi јj Үy үy һh ҽe Ӏl ӏl Ӕae ӕae Ӡ3',
  Armenian: 'Սu Տs Օo աw գq զq հh ոn ռn սu ցg ւi քf օo',
  Georgian: 'ყy',
  Hebrew: 'וl טv ןl סo',
  Arabic: 'اl هo ١l ٥o ٧v ھo ہo ەo ۱l ۵o ۷v',
  Ethiopic: 'ሀu ዐo',
  Devanagari: '०o ३3',
  Bengali: '০o ৪8 ৭9',
  Gujarati: '૦o ૩3',
  Oriya: 'ଠo',
  Kannada: '೦o',
  Malayalam: 'ടs ഠo',
  Thai: '๐o',
  Lao: '໐o',
  Myanmar: 'ငc ဝo ၀o ၚc',
  Khmer: '០o',
};

/** Letters that UTS 39 doesn't allow in identifiers. */
export const UNUSED_LOOKALIKES =
  'ƄƍƦƧƼƽƿǀȜȢȣɑɡɪɯʏᴄᴏᴑᴜᴠᴡᴢᶃᶌẝỿꜱꝚꝪꝮꞘꞙꞟꞫꞲꞳꞴꬲꬵꬽꭇꭈꭎꭒꭚͿϜϳϸϺᴦѡѴѵԁԌԛԜԝꙄꙇꚘꚙჿװ੦੧੪୦୨௦౦൦൭';
