import fc from 'fast-check';
import { ACCESS_COOKIE, COOKIE } from '../harness/test-app.js';
import { encoded } from './jwt-parts.js';
import type { RawRequest } from './raw-request.js';

/** Placeholders for tokens that are valid when the request is sent; see {@link withTokens}. */
const GENUINE_ACCESS = '{{access}}';
const GENUINE_REFRESH = '{{refresh}}';

export interface Tokens {
  access: string;
  refresh: string;
}

/** Replaces the placeholders of a generated request by tokens that are valid now. */
export function withTokens({ headers = [], ...others }: RawRequest, tokens: Tokens): RawRequest {
  const filled = headers.map((value) =>
    value.replaceAll(GENUINE_ACCESS, tokens.access).replaceAll(GENUINE_REFRESH, tokens.refresh),
  );
  return { ...others, headers: filled };
}

const routes: [method: string, path: string][] = [
  ['POST', '/auth/login'],
  ['POST', '/auth/register'],
  ['POST', '/auth/refresh'],
  ['POST', '/auth/logout'],
  ['POST', '/auth/logout-all'],
  ['POST', '/auth/password'],
  ['GET', '/auth/me'],
  ['GET', '/auth/sessions'],
  ['DELETE', '/auth/sessions/'],
  ['GET', '/.well-known/jwks.json'],
  ['GET', '/guarded'],
  ['GET', '/admin'],
];

/** The bytes that a header may contain: all except control characters. */
const headerText = (maxLength: number) =>
  fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength,
  });
const pathText = fc.string({
  unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCharCode(code)),
  maxLength: 60,
});

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    '',
    '\0',
    '\ud800',
    '\u202e',
    "' OR 1=1 --",
    '${7*7}',
    '{{7*7}}',
    '../../etc/passwd',
  ),
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    '$ne',
    'a'.repeat(255),
    'a'.repeat(100_000),
  ),
);
const json = fc.jsonValue({ maxDepth: 4, noUnicodeString: false });
const nested = fc
  .integer({ min: 1, max: 20_000 })
  .map((depth) => '['.repeat(depth) + ']'.repeat(depth));

/** Mostly bodies that fail before a password is hashed, because hashing is slow. */
const fields = (one: string, other: string) =>
  fc.oneof(
    {
      weight: 12,
      arbitrary: fc.record({ [one]: fc.oneof(json, text), [other]: json }, { requiredKeys: [] }),
    },
    {
      weight: 4,
      arbitrary: fc.record({ [one]: text, [other]: fc.constantFrom('', 'x'.repeat(1025)) }),
    },
    { weight: 1, arbitrary: fc.record({ [one]: text, [other]: text }) },
    { weight: 4, arbitrary: fc.dictionary(fc.constantFrom(one, other, '__proto__', 'x'), json) },
  );

const body: fc.Arbitrary<string | Buffer | undefined> = fc.oneof(
  { weight: 2, arbitrary: fc.constant(undefined) },
  { weight: 6, arbitrary: fields('username', 'password').map((value) => JSON.stringify(value)) },
  {
    weight: 3,
    arbitrary: fields('currentPassword', 'newPassword').map((value) => JSON.stringify(value)),
  },
  { weight: 2, arbitrary: json.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: nested },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '{"username":{"__proto__":1}}',
      'username=a&password=b',
      '\ufeff{}',
      `"${'x'.repeat(200_000)}"`,
    ),
  },
);

const jwtLike = fc
  .tuple(
    fc.oneof(
      fc.constantFrom(
        '{"alg":"none"}',
        '{"alg":"HS256","typ":"at+jwt"}',
        '{"alg":"HS256","typ":"rt+jwt","kid":"x"}',
      ),
      json.map((value) => JSON.stringify(value)),
    ),
    json.map((value) => JSON.stringify(value)),
    fc.uint8Array({ maxLength: 64 }),
  )
  .map(
    ([header, payload, signature]) =>
      `${encoded(header)}.${encoded(payload)}.${encoded(Buffer.from(signature))}`,
  );

/** Long enough to show code that takes quadratic time. */
const endless = fc
  .tuple(
    fc.constantFrom('', 'a', 'a=', 'Bearer '),
    fc.constantFrom(
      '.',
      'x',
      ' ',
      '\t',
      '=',
      ';',
      '"',
      ',',
      'e30.',
      '%00',
      '\xff',
      'Bearer',
      'a=b; ',
    ),
    fc.integer({ min: 1, max: 15_500 }),
    fc.constantFrom('', 'b', '=b'),
  )
  .map(([before, piece, size, after]) => before + piece.repeat(size).slice(0, 15_500) + after);

const token = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(GENUINE_ACCESS, GENUINE_REFRESH) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(GENUINE_ACCESS, GENUINE_REFRESH), headerText(5))
      .map((parts) => parts.join('')),
  },
  { weight: 3, arbitrary: jwtLike },
  { weight: 2, arbitrary: headerText(80) },
  { weight: 1, arbitrary: endless },
);

const cookie = fc
  .array(
    fc.tuple(
      fc.oneof(
        { weight: 5, arbitrary: fc.constant(COOKIE) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            ACCESS_COOKIE,
            'refresh_token',
            '__proto__',
            '',
            ` ${COOKIE} `,
          ),
        },
      ),
      fc.oneof(
        { weight: 6, arbitrary: token },
        {
          weight: 1,
          arbitrary: fc.constantFrom(
            'j:{"a":1}',
            's:x.y',
            '"',
            '""',
            '%',
            '%E0%A4%A',
            `"${GENUINE_REFRESH}"`,
          ),
        },
      ),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('; '));

const authorization = fc.oneof(
  { weight: 5, arbitrary: token.map((value) => `Bearer ${value}`) },
  { weight: 1, arbitrary: token.map((value) => `bearer   ${value} `) },
  { weight: 1, arbitrary: fc.constantFrom('Bearer', 'Bearer ', 'Basic YTpi', 'Digest x', '') },
  { weight: 1, arbitrary: headerText(200) },
  { weight: 1, arbitrary: endless },
);

const named = (name: string, value: fc.Arbitrary<string>) =>
  value.map((each): string[] => [name, each]);

const header = fc.oneof(
  { weight: 5, arbitrary: named('Cookie', cookie) },
  { weight: 1, arbitrary: named('Cookie', endless) },
  { weight: 5, arbitrary: named('Authorization', authorization) },
  {
    weight: 2,
    arbitrary: named(
      'Origin',
      fc.oneof(
        fc.constantFrom('null', 'https://evil.example', 'http://localhost', '://', ''),
        headerText(50),
      ),
    ),
  },
  {
    weight: 2,
    arbitrary: named(
      'Sec-Fetch-Site',
      fc.oneof(fc.constantFrom('cross-site', 'same-origin', 'none', ''), headerText(20)),
    ),
  },
  {
    weight: 2,
    arbitrary: named(
      'X-Forwarded-For',
      fc.oneof(
        fc.ipV4(),
        fc.ipV6(),
        fc.constantFrom('::ffff:1.2.3.4', ',,,', '::%x', 'unknown'),
        headerText(300),
      ),
    ),
  },
  { weight: 1, arbitrary: named('User-Agent', headerText(600)) },
  {
    weight: 1,
    arbitrary: named('Content-Encoding', fc.constantFrom('gzip', 'br', 'deflate', 'x')),
  },
  { weight: 1, arbitrary: named('Accept', headerText(60)) },
  { weight: 1, arbitrary: named('X-HTTP-Method-Override', fc.constantFrom('DELETE', 'GET')) },
);

const contentType = fc.oneof(
  { weight: 8, arbitrary: fc.constant(['Content-Type', 'application/json']) },
  { weight: 1, arbitrary: fc.constant<string[]>([]) },
  {
    weight: 1,
    arbitrary: named(
      'Content-Type',
      fc.constantFrom(
        'text/plain',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
        'application/json; charset=utf-16',
        'application/json; charset=x',
        'APPLICATION/JSON',
        'application/xml',
      ),
    ),
  },
  { weight: 1, arbitrary: named('Content-Type', headerText(60)) },
);

/** Requests to every route, with any hostile input. */
export const hostileRequest: fc.Arbitrary<RawRequest> = fc
  .record({
    route: fc.constantFrom(...routes),
    method: fc.oneof(
      { weight: 20, arbitrary: fc.constant(null) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'),
      },
    ),
    rest: fc.oneof(
      { weight: 10, arbitrary: fc.constant('') },
      { weight: 1, arbitrary: fc.constantFrom('/', '//', '?', '?x=1', '/%00', '%', '/..', ';x') },
      { weight: 2, arbitrary: pathText },
    ),
    contentType,
    headers: fc.array(header, { maxLength: 4 }),
    body,
  })
  .map(({ route: [usual, path], method, rest, contentType: type, headers, body: content }) => ({
    method: method ?? usual,
    path: path + rest,
    headers: [...type, ...headers.flat()],
    ...(content === undefined ? {} : { body: content }),
  }));
