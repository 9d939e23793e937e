import { AuthError } from '../errors/auth-error.js';
import { isWebOrigin, originOf } from '../options/origin.js';
import { header, type HttpRequest } from './http-request.js';

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether another site made the browser send this request (CSRF): Fetch Metadata first, then `Origin`.
 * Without either it was no browser, so nobody's cookie was abused.
 */
export function isCrossSite(request: HttpRequest, allowedOrigins: ReadonlySet<string>): boolean {
  const origin = header(request, 'origin');
  const trusted = origin !== null && allowedOrigins.has(originOf(origin) ?? '');
  const site = header(request, 'sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none' && !trusted;
  if (origin === null) return false;
  return !trusted && !isOwnOrigin(origin, hostOf(request));
}

/** The scheme is left out: behind a proxy that ends TLS, this server doesn't know its own. */
function isOwnOrigin(origin: string, host: string | null): boolean {
  const normalized = originOf(origin);
  if (normalized === null || host === null || !isWebOrigin(normalized)) return false;
  const { protocol } = new URL(normalized);
  return originOf(`${protocol}//${host}`) === normalized;
}

/** HTTP/2 has `:authority` instead of `Host`; where both came they must agree (RFC 9113 §8.3.1). */
function hostOf(request: HttpRequest): string | null {
  const host = header(request, 'host');
  const authority = header(request, ':authority');
  if (host !== null && authority !== null && host !== authority) return null;
  return authority ?? host;
}

/** @throws {AuthError} `csrf_rejected` */
export function refuseCrossSite(request: HttpRequest, allowedOrigins: ReadonlySet<string>): void {
  if (isCrossSite(request, allowedOrigins)) {
    throw new AuthError(
      'csrf_rejected',
      'This request came from another site. Where that is intended, add its origin to allowedOrigins.',
    );
  }
}

/** RFC 9110 §9.2.1: a safe method changes nothing. */
export function isSafeMethod(method: string | undefined): boolean {
  return method !== undefined && SAFE_METHODS.has(method);
}

/**
 * Whether a request changes nothing: by its method, and because it doesn't open a socket. A WebSocket
 * begins as a GET, needs no CORS, and what goes through it is no longer looked at.
 */
export function isSafe(request: HttpRequest): boolean {
  return isSafeMethod(request.method) && !isUpgrade(request);
}

/** A request that becomes something other than HTTP: a WebSocket, by any of the headers that only such a request has. */
export function isUpgrade(request: HttpRequest): boolean {
  return (
    header(request, 'upgrade') !== null ||
    header(request, 'sec-websocket-key') !== null ||
    header(request, 'sec-websocket-version') !== null ||
    header(request, ':protocol') !== null ||
    header(request, 'sec-fetch-mode') === 'websocket'
  );
}
