import {
  encoded,
  hs256,
  jwtParts,
  sameBytesOtherwise,
  type Json,
  type JwtParts,
} from './jwt-parts.js';

/** Forgeries by an attacker who has a genuine token, but none of the keys. */
export type Mutation = [name: string, (genuine: JwtParts) => string];

const ATTACKER_SECRET = 'attacker-attacker-attacker-attacker';
const attackersJwk = { kty: 'oct', kid: 'mine', k: encoded(ATTACKER_SECRET) };

/** Another header, with a signature by the attacker's own key. */
const withHeader =
  (change: Json, secret = ATTACKER_SECRET) =>
  ({ header, segments }: JwtParts) => {
    const signed = `${encoded(JSON.stringify({ ...header, ...change }))}.${segments[1]}`;
    return `${signed}.${hs256(signed, secret)}`;
  };

const keepingSignature =
  (change: Json) =>
  ({ header, segments: [, payload, signature] }: JwtParts) =>
    `${encoded(JSON.stringify({ ...header, ...change }))}.${payload}.${signature}`;

const unsigned =
  (change: Json) =>
  ({ header, segments }: JwtParts) =>
    `${encoded(JSON.stringify({ ...header, ...change }))}.${segments[1]}.`;

const withPayload =
  (payload: (claims: Json, genuine: JwtParts) => string | Buffer) => (genuine: JwtParts) =>
    [genuine.segments[0], encoded(payload(genuine.claims, genuine)), genuine.segments[2]].join('.');

const withClaims = (change: Json) =>
  withPayload((claims) => JSON.stringify({ ...claims, ...change }));

const headerAsText =
  (write: (header: string) => string | Buffer) =>
  ({ header, segments: [, payload, signature] }: JwtParts) =>
    `${encoded(write(JSON.stringify(header)))}.${payload}.${signature}`;

const rewritten = (rewrite: (token: string) => string) => (genuine: JwtParts) =>
  rewrite(genuine.token);

const standardAlphabet = (text: string) => text.replaceAll('-', '+').replaceAll('_', '/');
const padded = (part: string) => part.padEnd(Math.ceil(part.length / 4) * 4, '=');

const nones: unknown[] = [
  'none',
  'None',
  'NONE',
  'nOnE',
  'none ',
  '',
  null,
  0,
  false,
  ['none'],
  {},
];

const SAMPLE = jwtParts(
  `${encoded('{"alg":"HS256","typ":"at+jwt","kid":"ours"}')}.${encoded('{"sub":"1"}')}.${'A'.repeat(43)}`,
);

/** Groups of mutations; every token of them must be refused. */
export const mutations: Record<string, Mutation[]> = {
  'by its algorithm': [
    ...nones.flatMap((alg): Mutation[] => [
      [`alg ${JSON.stringify(alg)} without a signature`, unsigned({ alg })],
      [`alg ${JSON.stringify(alg)} with the old signature`, keepingSignature({ alg })],
    ]),
    ['no alg, no signature', unsigned({ alg: undefined })],
    ...['HS256', 'HS384', 'HS512', 'RS256', 'PS256', 'ES256', 'ES256K', 'EdDSA', 'dir'].map(
      (alg): Mutation => [`alg ${alg} signed with another key`, withHeader({ alg })],
    ),
  ],
  'by its kid': [
    ...[
      '../../../../dev/null',
      '..%2f..%2fetc/passwd',
      'C:\\windows\\win.ini',
      "x' UNION SELECT 'attacker-attacker-attacker-attacker' --",
      "1' OR '1'='1",
      '| cat /etc/passwd',
      'http://127.0.0.1:9/key',
      '',
      ' ',
      '__proto__',
      'constructor',
      'x'.repeat(2000),
      0,
      -1,
      null,
      true,
      [],
      ['x'],
      {},
      { $ne: null },
    ].map((kid): Mutation => [
      `kid ${JSON.stringify(kid).slice(0, 40)}`,
      withHeader({ kid }, kid === '../../../../dev/null' ? '' : ATTACKER_SECRET),
    ]),
    [
      'a kid with a blank behind it',
      ({ header, ...rest }) => withHeader({ kid: `${header.kid} ` })({ header, ...rest }),
    ],
    [
      'a kid with a zero behind it',
      ({ header, ...rest }) => withHeader({ kid: `${header.kid}\0` })({ header, ...rest }),
    ],
    [
      'a kid in a list',
      ({ header, ...rest }) => withHeader({ kid: [header.kid] })({ header, ...rest }),
    ],
    ['no kid', withHeader({ kid: undefined })],
  ],
  'by a key it brings along': [
    ['jwk', withHeader({ jwk: attackersJwk })],
    ['jwk and its kid', withHeader({ jwk: attackersJwk, kid: 'mine' })],
    ['jku', withHeader({ jku: 'http://127.0.0.1:9/jwks.json', kid: 'mine' })],
    ['x5u', withHeader({ x5u: 'http://127.0.0.1:9/chain.pem' })],
    ['x5c', withHeader({ x5c: [Buffer.from(ATTACKER_SECRET).toString('base64')] })],
    ['x5t', withHeader({ x5t: encoded('thumbprint') })],
    ['p2c that takes an hour', withHeader({ alg: 'PBES2-HS256+A128KW', p2c: 2 ** 31, p2s: 'x' })],
    ['epk', withHeader({ alg: 'ECDH-ES', epk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } })],
  ],
  'by a header that changes what is signed': [
    ['crit', keepingSignature({ crit: ['exp'] })],
    ['crit of nothing', keepingSignature({ crit: [] })],
    ['b64: false', keepingSignature({ b64: false, crit: ['b64'] })],
    [
      'b64: false and a bare payload',
      ({ header, claims, segments }) =>
        `${encoded(JSON.stringify({ ...header, b64: false, crit: ['b64'] }))}.${JSON.stringify(claims).replaceAll('.', '')}.${segments[2]}`,
    ],
    ['zip', keepingSignature({ zip: 'DEF' })],
    ['cty JWT', keepingSignature({ cty: 'JWT' })],
    ['typ JWT', keepingSignature({ typ: 'JWT' })],
    ['no typ', keepingSignature({ typ: undefined })],
    [
      'typ as a list',
      ({ header, ...rest }) => keepingSignature({ typ: [header.typ] })({ header, ...rest }),
    ],
    ['a member nobody knows', keepingSignature({ x: 1 })],
    ['a blank in the header', headerAsText((header) => `${header} `)],
    ['a line break in the header', headerAsText((header) => header.replaceAll(',', ',\n'))],
    [
      'the header in another order',
      ({ header, ...rest }) =>
        headerAsText(() => JSON.stringify(Object.fromEntries(Object.entries(header).toReversed())))(
          { header, ...rest },
        ),
    ],
    ['alg twice', headerAsText((header) => header.replace('{', '{"alg":"none",'))],
    ['alg twice, none last', headerAsText((header) => header.replace('}', ',"alg":"none"}'))],
    ['kid twice', headerAsText((header) => header.replace('{', '{"kid":"mine",'))],
    ['an escaped header', headerAsText((header) => header.replace('alg', '\\u0061lg'))],
    ['a byte order mark', headerAsText((header) => `\ufeff${header}`)],
    ['a header in UTF-16', headerAsText((header) => Buffer.from(header, 'utf16le'))],
    ['a list as header', headerAsText((header) => `[${header}]`)],
    ['null as header', headerAsText(() => 'null')],
    ['an empty header', headerAsText(() => '')],
  ],
  'by its claims': [
    ...Object.entries({
      sub: '1000000',
      sid: 'f'.repeat(32),
      jti: 'x'.repeat(43),
      exp: 4_102_444_800,
      iat: 0,
      iss: 'another',
      aud: 'another',
      roles: ['admin'],
      gen: 99,
      abs: 4_102_444_800,
    }).map(([claim, value]): Mutation => [`another ${claim}`, withClaims({ [claim]: value })]),
    ...['sub', 'sid', 'exp', 'iat'].map((claim): Mutation => [
      `no ${claim}`,
      withClaims({ [claim]: undefined }),
    ]),
    [
      'exp 1e400',
      withPayload((claims) => JSON.stringify(claims).replace(/"exp":\d+/, '"exp":1e400')),
    ],
    ['an object as sub', withClaims({ sub: { $gt: '' } })],
    ['sub twice', withPayload((claims) => JSON.stringify(claims).replace('}', ',"sub":"1"}'))],
    [
      '__proto__',
      withPayload((claims) =>
        JSON.stringify(claims).replace('{', '{"__proto__":{"roles":["admin"]},'),
      ),
    ],
    ['the claims in a list', withPayload((claims) => JSON.stringify([claims]))],
    ['the claims as a text', withPayload((claims) => JSON.stringify(JSON.stringify(claims)))],
    ['a number', withPayload(() => '7')],
    ['null', withPayload(() => 'null')],
    ['nothing', withPayload(() => '')],
    ['the token itself', withPayload((_claims, { token }) => token)],
    ['the token itself as JSON', withPayload((_claims, { token }) => JSON.stringify(token))],
    ['half of it', withPayload((claims) => JSON.stringify(claims).slice(0, -8))],
    ['a blank more', withPayload((claims) => `${JSON.stringify(claims)} `)],
    ['bytes that are no UTF-8', withPayload(() => Buffer.from([0xff, 0xfe, 0x00, 0xd8]))],
  ],
  'by its encoding': [
    ['padded', rewritten((token) => token.split('.').map(padded).join('.'))],
    ['one = too many', rewritten((token) => `${token}=`)],
    [
      'in the other base64 alphabet, padded',
      rewritten((token) =>
        token
          .split('.')
          .map((part) => standardAlphabet(padded(part)))
          .join('.'),
      ),
    ],
    ['with a + in its signature', rewritten((token) => `${token.slice(0, -2)}+${token.at(-1)}`)],
    ['with a / in its signature', rewritten((token) => `${token.slice(0, -2)}/${token.at(-1)}`)],
    [
      'in hex',
      rewritten((token) =>
        token
          .split('.')
          .map((part) => Buffer.from(part, 'base64url').toString('hex'))
          .join('.'),
      ),
    ],
    ...[0, 1].flatMap((part) =>
      ['header', 'payload'].slice(part, part + 1).map((name): Mutation => [
        `with other spare bits in its ${name}, or one character less`,
        ({ segments }) => {
          const changed = [...segments];
          changed[part] = sameBytesOtherwise(segments[part]!)[0] ?? segments[part]!.slice(0, -1);
          return changed.join('.');
        },
      ]),
    ),
    ['one character short', rewritten((token) => token.slice(0, -1))],
    ['one character long', rewritten((token) => `${token}A`)],
    ['four characters long', rewritten((token) => `${token}AAAA`)],
    ['in capitals', rewritten((token) => token.toUpperCase())],
    ['backwards', rewritten((token) => [...token].toReversed().join(''))],
    ['with a dot in front', rewritten((token) => `.${token}`)],
    ['with a dot behind', rewritten((token) => `${token}.`)],
    ['with two dots behind', rewritten((token) => `${token}..`)],
    ['with two dots between', rewritten((token) => token.replace('.', '..'))],
    ['without its signature', ({ segments: [header, payload] }) => `${header}.${payload}`],
    [
      'without its signature, but its dot',
      ({ segments: [header, payload] }) => `${header}.${payload}.`,
    ],
    ['as nothing but its header', ({ segments: [header] }) => header],
    ['in four parts', rewritten((token) => `${token}.e30`)],
    ['in five parts, as if encrypted', rewritten((token) => `${token}.e30.e30`)],
    ['with blanks at its dots', rewritten((token) => token.replaceAll('.', ' . '))],
    ['with a tab inside', rewritten((token) => token.replace('.', '\t.'))],
    ['with escaped dots', rewritten((token) => token.replaceAll('.', '%2E'))],
    ['with a zero width space behind', rewritten((token) => `${token}\u00e2\u0080\u008b`)],
    ['with ideographic dots', rewritten((token) => token.replaceAll('.', '\u00e3\u0080\u0082'))],
    [
      'with a no-break space behind its signature',
      rewritten((token) => `${token.slice(0, -1)}\u00a0${token.at(-1)}`),
    ],
    [
      'as JSON',
      ({ segments: [header, payload, signature] }) =>
        JSON.stringify({ protected: header, payload, signature }),
    ],
    ['in a list', rewritten((token) => `["${token}"]`)],
    ['twice with a comma', rewritten((token) => `${token},${token}`)],
    ['twice with a blank', rewritten((token) => `${token} ${token}`)],
    ['as Bearer', rewritten((token) => `Bearer:${token}`)],
  ],
  'by its size': [
    ['a header of 8 KB', withHeader({ x: 'x'.repeat(5500) })],
    ['a header of 12 KB', withHeader({ x: 'x'.repeat(8000) })],
    ['claims of 12 KB', withClaims({ x: 'x'.repeat(8000) })],
    ['a signature of 12 KB', rewritten((token) => token + 'A'.repeat(12_000))],
    ['12 KB of dots', () => '.'.repeat(12_000)],
    [
      'a header nested a thousand deep',
      headerAsText(() => `${'['.repeat(1000)}${']'.repeat(1000)}`),
    ],
    [
      'claims nested a thousand deep',
      withPayload(() => `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`),
    ],
  ],
};

/** Mutations of the header: they must be refused although everything else, with the signature, is right. */
export const headerMutations: Mutation[] = Object.values(mutations)
  .flat()
  .filter(([, mutate]) => {
    const [header, payload, ...rest] = mutate(SAMPLE).split('.');
    return rest.length === 1 && header !== SAMPLE.segments[0] && payload === SAMPLE.segments[1];
  });
