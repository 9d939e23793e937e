import { AuthError } from '../errors/auth-error.js';
import { originOf } from '../options/origin.js';
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
  return !trusted && !isOwnOrigin(origin, header(request, 'host'));
}

/** The scheme is left out: behind a proxy that ends TLS, this server doesn't know its own. */
function isOwnOrigin(origin: string, host: string | null): boolean {
  const normalized = originOf(origin);
  return normalized !== null && host !== null && new URL(normalized).host === host.toLowerCase();
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
