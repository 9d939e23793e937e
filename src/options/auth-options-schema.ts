import * as v from 'valibot';
import { orFalse } from './chosen.js';
import { cookieOptions } from './cookie-options.js';
import { accessKeys, secrets } from './key-options.js';
import { group, groupElse } from './option-group.js';
import {
  claimText,
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
import { ARGON2_COST, LONGEST_PASSWORD } from './password-bounds.js';

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

const argon2Cost = (name: keyof typeof ARGON2_COST, why = '') =>
  wholeNumberUpTo(ARGON2_COST[name].least, ARGON2_COST[name].most, why);

const passwords = group({
  memoryCost: optional(argon2Cost('memoryCost', ' KiB (1 GiB): it counts KiB, not bytes'), 19456),
  timeCost: optional(argon2Cost('timeCost'), 2),
  parallelism: optional(argon2Cost('parallelism'), 1),
  minLength: optional(wholeNumberUpTo(8, LONGEST_PASSWORD, ', the longest password taken'), 15),
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
  issuer: optional(claimText(), 'nestjs-refresh-auth'),
  audience: optional(claimText()),
  clientId: optional(claimText()),
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
