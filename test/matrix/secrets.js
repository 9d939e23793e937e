import { randomBytes } from 'node:crypto';

/** @returns {Record<string, string>} the environment of an app: two secrets */
export function newSecrets() {
  return { ACCESS_TOKEN_SECRET: secret(), REFRESH_TOKEN_SECRET: secret() };
}

function secret() {
  return randomBytes(48).toString('base64url');
}
