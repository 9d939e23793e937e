import * as v from 'valibot';
import { chosen } from './chosen.js';
import { must } from './must.js';
import { group } from './option-group.js';
import { listOf, oneOf, text, trueOrFalse } from './option-values.js';

const optional = v.exactOptional;

const A_NAME =
  'must be letters, digits, "_" and "-", without the "__Host-" or "__Secure-" prefix, which is added where the attributes allow it (never with a domain or another path than "/").';

/** Browsers drop a cookie whose name and value have more than 4096 bytes: most of them are for the token. */
const LONGEST_NAME = 128;
/** One of an earlier configuration, with its prefix. */
const LONGEST_FULL_NAME = 255;
/** RFC 6265bis §5.6: browsers ignore an attribute with a longer value. */
const LONGEST_PATH = 1024;
/** RFC 1035 §2.3.4. */
const LONGEST_DOMAIN = 253;

const atMost = (longest: number) =>
  v.maxLength<string, number, string>(longest, `must have at most ${longest} characters.`);

const name = v.pipe(
  v.string(must('be a text')),
  v.check((value) => /^[\w-]+$/.test(value) && !value.startsWith('__'), A_NAME),
  atMost(LONGEST_NAME),
  v.description(`letters, digits, "_" and "-", at most ${LONGEST_NAME}`),
);

const path = v.pipe(
  v.string(must('be a text that starts with "/"')),
  v.regex(
    /^\/[!-:<-~]*$/,
    'must start with "/" and have no spaces, semicolons or letters beyond ASCII.',
  ),
  atMost(LONGEST_PATH),
  v.description('a text that starts with "/"'),
);

const domain = v.pipe(
  v.string(must('be a host name alone, such as "example.com"')),
  v.regex(
    /^\.?[a-z\d-]+(\.[a-z\d-]+)*$/i,
    'must be a host name alone, such as "example.com": no scheme, port or path.',
  ),
  atMost(LONGEST_DOMAIN),
  v.description('a host name alone'),
);

/** RFC 6265bis §4.1.1: a name is a token. */
const fullName = v.pipe(
  text(),
  v.regex(/^[\w!#$%&'*+.^`|~-]+$/, 'must be the name of a cookie: no spaces, "=" or ";".'),
  atMost(LONGEST_FULL_NAME),
);

/** A name and path; true for the usual ones, false (which comes out as null) for no such cookie. */
const orNone = <I extends object, O>(names: v.GenericSchema<I, O>) => {
  const usual: v.GenericSchema<boolean, O | null> = v.pipe(
    trueOrFalse(),
    v.transform((isOn) => (isOn ? v.parse(names, {}) : null)),
  );
  return chosen([usual, names], (input) => (typeof input === 'boolean' ? usual : names));
};

const TRUE_OR_NAMES = 'be true, false or { name, path }';

export const cookieOptions = group({
  secure: optional(trueOrFalse(), true),
  sameSite: optional(oneOf('strict', 'lax', 'none'), 'strict'),
  domain: optional(domain),
  refresh: optional(
    group(
      { name: optional(name, 'refresh_token'), path: optional(path, '/') },
      'be { name, path }',
    ),
    {},
  ),
  access: optional(
    orNone(
      group({ name: optional(name, 'access_token'), path: optional(path, '/') }, TRUE_OR_NAMES),
    ),
    false,
  ),
  device: optional(
    orNone(group({ name: optional(name, 'device_token'), path: optional(path) }, TRUE_OR_NAMES)),
    true,
  ),
  previous: optional(
    listOf(
      group(
        { name: fullName, path: optional(path), domain: optional(domain) },
        'be { name, path, domain }',
      ),
      '{ name, path, domain }',
    ),
    [],
  ),
  clearSiteData: optional(trueOrFalse(), false),
});
