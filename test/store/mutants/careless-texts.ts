/** How a store may change a text that it must keep unchanged; `TEXT` is the text, never null. */
export const carelessTexts = {
  trims: 'TEXT.trim()',
  'trims the end': 'TEXT.trimEnd()',
  'joins spaces': "TEXT.replace(/ +/gu, ' ')",
  'writes small letters': 'TEXT.toLowerCase()',
  'composes letters': 'TEXT.normalize()',
  'takes letters apart': "TEXT.normalize('NFD')",
  'makes wide letters narrow': "TEXT.normalize('NFKC')",
  'cuts after 254 characters': 'TEXT.slice(0, 254)',
  'keeps one code unit of each character': "[...TEXT].map((each) => each[0]).join('')",
  'doubles quotes': `TEXT.replaceAll("'", "''")`,
  'loses backslashes': "TEXT.replaceAll('\\\\', '')",
  'reads numbers': '(Number.isNaN(Number(TEXT)) ? TEXT : String(Number(TEXT)))',
  'takes the text null for none': "(TEXT === 'null' ? null : TEXT)",
};

export const carelessAddresses = {
  'cuts after 15 characters': 'TEXT.slice(0, 15)',
  'cuts after 39 characters': 'TEXT.slice(0, 39)',
  'cuts after 45 characters': 'TEXT.slice(0, 45)',
  'leaves the zone out': "TEXT.replace(/%.*$/u, '')",
  'takes the mapped address for the plain one': "TEXT.replace(/^::ffff:(?=\\d+\\.)/u, '')",
  'writes small letters': 'TEXT.toLowerCase()',
  'keeps the network': "TEXT.replace(/\\.\\d+$/u, '.0')",
};
