/** Scheme, host and perhaps a port. What the URL parser would forgive or drop is not there. */
const SHAPE = /^[a-z][a-z\d+.-]*:\/\/[^\s/\\?#@*%]+$/i;

/** A page of the web. */
const WEB = /^https?:$/;

/** Schemes whose pages have no origin of their own, or that no page has. */
const NEVER = new Set(
  'about: blob: content: data: file: filesystem: ftp: javascript: ws: wss:'.split(' '),
);

/**
 * The serialized origin (`scheme://host[:port]`) that a text is, or null; as the URL Standard writes it, without a
 * default port. Apps and extensions have schemes of their own (`capacitor://localhost`), for which the standard has no
 * origins: there scheme, host and port are compared, in lower case. `null`, paths and credentials are not origins.
 */
export function originOf(text: unknown): string | null {
  if (typeof text !== 'string' || !SHAPE.test(text) || !URL.canParse(text)) return null;
  const { protocol, host, pathname, origin } = new URL(text);
  if (NEVER.has(protocol) || host === '' || host.includes('*')) return null;
  if (WEB.test(protocol)) return origin;
  return pathname === '' ? `${protocol}//${host.toLowerCase()}` : null;
}

/** Whether an origin is that of a page of the web, rather than of an app or an extension. */
export function isWebOrigin(origin: string): boolean {
  return WEB.test(origin.slice(0, origin.indexOf(':') + 1));
}
