import * as v from 'valibot';
import { described } from '../errors/described.js';
import type { KeyMaterial, RemoteSign } from './auth-options.js';
import { chosen, oneOrSeveral } from './chosen.js';
import { functionOf } from './collaborators.js';
import { must } from './must.js';
import { group, groupElse } from './option-group.js';
import { oneOf } from './option-values.js';

/** The rest of a sentence about a secret that isn't there. */
export const MISSING =
  'is missing: give at least 32 random bytes, for example from "openssl rand -base64 48".';

const noSecret = (issue: { input: unknown }) =>
  issue.input === undefined || issue.input === null
    ? MISSING
    : must('be a text, bytes, { base64 } or a JWK with kty "oct"', kindOf)(issue);

/** A number may be a secret, too. */
const kindOf = (value: unknown) => (typeof value === 'number' ? 'a number' : described(value));

/** A text, or bytes. How good they are is judged where keys are made. */
const plain = v.custom<string | Uint8Array>(
  (input) => typeof input === 'string' || input instanceof Uint8Array,
  noSecret,
);
const base64 = groupElse({ base64: v.string(must('be a text')) }, noSecret);
/** RFC 7517 §4: members of a JWK that aren't understood are ignored. */
const octets: v.GenericSchema<{ kty: 'oct'; k: string }> = v.looseObject({
  kty: v.literal('oct', 'must be "oct": other keys are no secrets.'),
  k: v.string(must('be the secret in base64url')),
});

const material = chosen([plain, base64, octets], (input) => {
  if (!isObject(input) || input instanceof Uint8Array) return plain;
  return isJwk(input) ? octets : base64;
});

const named = groupElse(
  { kid: v.exactOptional(v.string(must('be a text'))), secret: material },
  noSecret,
);

const secret = chosen([material, named], (input) =>
  isObject(input) && isNamed(input) ? named : material,
);

/** One secret, or several of which the first signs; a list comes out. */
export const secrets = () => oneOrSeveral(secret, MISSING);

const keyMaterial = v.custom<KeyMaterial>(
  (input) =>
    typeof input === 'string' || (isObject(input) && !Array.isArray(input) && !('then' in input)),
  (issue) =>
    issue.input === undefined
      ? 'is missing: give privateKey, or publicKey for a key that only verifies or is kept elsewhere.'
      : must('be PEM, a JWK or a KeyObject', kindOf)(issue),
);

const hmac = oneOf('HS256', 'HS384', 'HS512');
const asymmetric = oneOf('RS256', 'PS256', 'ES256');
const kid = v.exactOptional(v.string(must('be a text')));
const not = (sentence: string) => v.exactOptional(v.undefined(sentence));
const notForSecrets = not(
  'is of RS256, PS256 and ES256: give a secret, or one of these algorithms.',
);
const secretOf = not(
  'is of HS256, HS384 and HS512: give a key in its place, or one of these algorithms.',
);

const secretKey = group({
  algorithm: hmac,
  kid,
  secret: material,
  privateKey: notForSecrets,
  publicKey: notForSecrets,
  sign: notForSecrets,
});
const privateKey = group({
  algorithm: asymmetric,
  kid,
  privateKey: keyMaterial,
  publicKey: not('stands beside privateKey, which it is derived from: leave it out.'),
  sign: not('stands beside privateKey: give publicKey and sign, or privateKey alone.'),
  secret: secretOf,
});
const publicKey = group({
  algorithm: asymmetric,
  kid,
  publicKey: keyMaterial,
  sign: v.exactOptional(functionOf<RemoteSign>('(data) => a promise of the signature')),
  privateKey: not('is not public.'),
  secret: secretOf,
});
/** For the sentence about an algorithm that is none, or is misspelt: nothing passes. */
const noKey = group({
  algorithm: oneOf(...hmac.options, ...asymmetric.options),
  kid,
  secret: v.exactOptional(v.unknown()),
  privateKey: v.exactOptional(v.unknown()),
  publicKey: v.exactOptional(v.unknown()),
  sign: v.exactOptional(v.unknown()),
}) as unknown as v.GenericSchema<never, never>;

const key = chosen([secretKey, privateKey, publicKey, noKey], (input) => {
  const { algorithm, privateKey: own } = Object(input) as Record<string, unknown>;
  if (v.is(hmac, algorithm)) return secretKey;
  if (!v.is(asymmetric, algorithm)) return noKey;
  return own === undefined ? publicKey : privateKey;
});

/** One key, or several of which the first signs; a list comes out. */
export const accessKeys = () => oneOrSeveral(key, 'is empty: give at least one key.');

function isObject(input: unknown): input is object {
  return typeof input === 'object' && input !== null;
}

/** Whether it is no other kind of secret; a form that nobody knows is taken for a misspelt one of this. */
function isNamed(input: object): boolean {
  return !(input instanceof Uint8Array) && !isJwk(input) && !('base64' in input);
}

function isJwk(input: object): boolean {
  return 'kty' in input || 'k' in input;
}
