/**
 * Secrets that stand in documentation and tutorials, so that anybody knows them.
 * Compared in lower case; a long one that is known is as weak as a short one.
 */
const PUBLISHED = new Set([
  'a-string-secret-at-least-256-bits-long',
  'a-valid-string-secret-that-is-at-least-512-bits-long-which-is-very-long',
  'your-256-bit-secret',
  'your-384-bit-secret',
  'your-512-bit-secret',
  'your_access_secret',
  'your_refresh_secret',
  'do not use this value. instead, create a complex secret and keep it safe outside of the source code.',
  'super-secret-jwt-token-with-at-least-32-characters-long',
  'my-32-character-ultra-secure-and-ultra-long-secret',
  'this is my custom secret key for authentication',
  'this is my supper secret key for jwt',
  '404e635266556a586e3272357538782f413f4428472b4b6250645367566b5970',
  '3cfa76ef14937c1c0ea519f8fc057a80fcd04a7420f8e8bcd0a7567c272e007b',
  '9a4f2c8d3b7a1e6f45c8a0b3f267d8b1d4e6f3c8a9d2b5f8e3a9c8b5f6v8a3d9',
  'thisisasecretkeyforjwtauthenticationpleasechangeit',
]);

/** Texts that a `.env.example` holds until somebody replaces them. */
const PLACEHOLDER =
  /change[-_ ]?(me|this)|replace[-_ ]?(me|this)|your[-_ ]\S*(secret|key)|do[-_ ]not[-_ ]use/i;

export function isPublishedSecret(secret: string): boolean {
  return PUBLISHED.has(secret.trim().toLowerCase()) || PLACEHOLDER.test(secret);
}
