import * as v from 'valibot';
import { orFalse } from './chosen.js';
import { cookieOptions } from './cookie-options.js';
import { accessKeys, secrets } from './key-options.js';
import { group, groupElse } from './option-group.js';
import {
  duration,
  interval,
  lifetime,
  listOf,
  oneOf,
  text,
  trueOrFalse,
  wholeNumber,
  wholeNumberUpTo,
} from './option-values.js';
import { allowedOrigins } from './origin-options.js';

const optional = v.exactOptional;

/** Room for them is taken at once. */
const MOST_VERIFIED_TOKENS = 1_000_000;
/** Sessions that a list has at most: a user who may have more could not see them all. */
export const MOST_LISTED = 1000;
/** One of libuv's four threads stays free for everything else. */
const MOST_CONCURRENT = 3;

export const WHAT_IS_NEEDED =
  'must be an object: pass { users, accessToken: { secret }, refreshToken: { secret } }.';

const cache = group(
  {
    entries: optional(wholeNumberUpTo(1, MOST_VERIFIED_TOKENS), 10_000),
    bytes: optional(wholeNumber(1), 16 * 1024 * 1024),
  },
  'be false or { entries, bytes }',
);

const accessToken = groupElse(
  {
    secret: optional(secrets()),
    keys: optional(accessKeys()),
    expiresIn: optional(lifetime(), '15m'),
    cache: optional(orFalse(cache), {}),
  },
  WHAT_IS_NEEDED,
);

const refreshToken = groupElse(
  {
    secret: secrets(),
    expiresIn: optional(lifetime(), '7d'),
    absoluteExpiresIn: optional(lifetime(), '30d'),
    leeway: optional(duration()),
  },
  WHAT_IS_NEEDED,
);

const passwords = group({
  memoryCost: optional(wholeNumber(19456), 19456),
  timeCost: optional(wholeNumber(2), 2),
  parallelism: optional(wholeNumber(1), 1),
  minLength: optional(wholeNumber(8), 15),
  contextWords: optional(listOf(text(), 'words'), []),
  concurrency: optional(
    wholeNumberUpTo(
      1,
      MOST_CONCURRENT,
      ': Node has four threads for files, DNS and hashing together',
    ),
    2,
  ),
  longestQueue: optional(wholeNumber(0), 100),
});

const limit = (attempts: number, per: string) =>
  optional(
    group(
      { attempts: optional(wholeNumber(1), attempts), per: optional(interval(), per) },
      'be { attempts, per }',
    ),
    {},
  );

const limits = group(
  {
    account: limit(10, '15m'),
    address: limit(100, '15m'),
    device: limit(10, '15m'),
    registration: limit(100, '15m'),
    refresh: limit(1000, '1m'),
    store: optional(oneOf('memory', 'database'), 'memory'),
  },
  'be false or { account, address, device, registration, refresh, store }',
);

const revocation = group({
  pollInterval: optional(interval(), '1s'),
  failClosed: optional(trueOrFalse(), false),
});

/** Every option apart from the collaborators, with its default; what depends on another option has none here. */
export const authOptionEntries = {
  accessToken,
  refreshToken,
  issuer: optional(text(), 'nestjs-refresh-auth'),
  audience: optional(text()),
  clientId: optional(text()),
  cookies: optional(cookieOptions, {}),
  allowedOrigins: optional(allowedOrigins, []),
  passwords: optional(passwords, {}),
  limits: optional(orFalse(limits), {}),
  passportName: optional(text()),
  revocation: optional(revocation, {}),
  purge: optional(group({ interval: optional(orFalse(interval()), '10m') }), {}),
  maxSessionsPerUser: optional(
    orFalse(wholeNumberUpTo(1, MOST_LISTED, ', or false', ', or false')),
    100,
  ),
};

export const authOptions = groupElse(authOptionEntries, WHAT_IS_NEEDED);

/** What the schema makes of {@link AuthOptions}: defaults filled in, durations in milliseconds, false as null. */
export type ReadAuthOptions = v.InferOutput<typeof authOptions>;
export type ReadCookieOptions = ReadAuthOptions['cookies'];
