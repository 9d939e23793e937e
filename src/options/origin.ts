/** The serialized origin (`scheme://host[:port]`) that a text is, or null. `null`, paths and credentials are not origins. */
export function originOf(text: unknown): string | null {
  if (typeof text !== 'string' || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isBare = url.href === `${url.origin}/` && !text.endsWith('/');
  return isBare && /^https?:$/.test(url.protocol) && !url.host.includes('*') ? url.origin : null;
}
