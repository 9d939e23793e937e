import { createHmac } from 'node:crypto';

export type Json = Record<string, unknown>;

/** The parts of an issued token. */
export interface JwtParts {
  token: string;
  header: Json;
  claims: Json;
  /** The three parts of the text. */
  segments: [header: string, payload: string, signature: string];
}

export function jwtParts(token: string): JwtParts {
  const segments = token.split('.') as JwtParts['segments'];
  const [header, claims] = segments
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()) as Json);
  return { token, header: header!, claims: claims!, segments };
}

export const encoded = (text: string | Buffer) => Buffer.from(text).toString('base64url');

export const hs256 = (signed: string, secret: string | Buffer) =>
  createHmac('sha256', secret).update(signed).digest('base64url');

/** A forged token with the signature that a forger with the key would make. */
export function signedRightly(forged: string, secret: string): string {
  const signed = forged.split('.').slice(0, 2).join('.');
  return `${signed}.${hs256(signed, secret)}`;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** All other texts that decode to the same bytes, because spare bits of the last character are ignored. */
export function sameBytesOtherwise(part: string): string[] {
  const spare = { 2: 4, 3: 2 }[part.length % 4] ?? 0;
  const last = ALPHABET.indexOf(part.at(-1)!);
  return Array.from({ length: 2 ** spare }, (_, i) => (last & ~(2 ** spare - 1)) | i)
    .filter((other) => other !== last)
    .map((other) => part.slice(0, -1) + ALPHABET[other]);
}

/** The same signature by ECDSA's symmetry: with (r, s), (r, n − s) holds too. */
export function mirroredEcdsa(signature: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const bytes = Buffer.from(signature, 'base64url');
  const s = BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  const mirrored = (order - s).toString(16).padStart(64, '0');
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(mirrored, 'hex')]).toString('base64url');
}
