import { AuthError } from '../errors/auth-error.js';
import { isWebOrigin, originOf } from '../options/origin.js';
import { header, type HttpRequest } from './http-request.js';

const SAFE_METHODS = new Set<string | undefined>(['GET', 'HEAD', 'OPTIONS']);

/**
 * Whether another site made the browser send this request (CSRF): by Fetch Metadata, else by `Origin`. A request without
 * either was not sent by a browser, so no user's cookie was abused.
 */
export function isCrossSite(request: HttpRequest, allowedOrigins: ReadonlySet<string>): boolean {
  const origin = header(request, 'origin');
  const trusted = allowedOrigins.has(originOf(origin) ?? '');
  const site = header(request, 'sec-fetch-site');
  if (site !== null) return site !== 'same-origin' && site !== 'none' && !trusted;
  if (origin === null) return false;
  return !trusted && !isOwnOrigin(origin, hostOf(request));
}

/** Without the scheme: behind a proxy that ends TLS, this server doesn't know its own. */
function isOwnOrigin(origin: string, host: string | null): boolean {
  const normalized = originOf(origin);
  if (normalized === null || host === null || !isWebOrigin(normalized)) return false;
  const { protocol } = new URL(normalized);
  return originOf(`${protocol}//${host}`) === normalized;
}

/** HTTP/2 has `:authority` instead of `Host`; if both were sent, they must be equal (RFC 9113 §8.3.1). */
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
  return SAFE_METHODS.has(method);
}

/**
 * Whether a request changes nothing: its method is safe, and it doesn't open a WebSocket. That begins as a GET and needs
 * no CORS, and its messages are not checked.
 */
export function isSafe(request: HttpRequest): boolean {
  return isSafeMethod(request.method) && !isUpgrade(request);
}

/** Whether a request opens a WebSocket, by any of the headers that only such a request has. */
export function isUpgrade(request: HttpRequest): boolean {
  return (
    header(request, 'upgrade') !== null ||
    header(request, 'sec-websocket-key') !== null ||
    header(request, 'sec-websocket-version') !== null ||
    header(request, ':protocol') !== null ||
    header(request, 'sec-fetch-mode') === 'websocket'
  );
}
