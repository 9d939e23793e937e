import type { CookieJarSettings } from '../options/cookie-settings.js';
import { header, type HttpRequest } from './http-request.js';

/**
 * All values of a cookie's name in a request, in order, without duplicates.
 * Read from the header itself, because cookie-parser keeps only the first of several and turns `j:…` into objects.
 */
export function cookieValues(request: HttpRequest, name: string): string[] {
  const values = new Set<string>();
  const raw = header(request, 'cookie');
  if (raw === null) {
    const parsed = request.cookies?.[name];
    return typeof parsed === 'string' && parsed !== '' ? [parsed] : [];
  }
  for (const pair of raw.split(';')) {
    const equals = pair.indexOf('=');
    if (equals === -1 || trimmed(pair.slice(0, equals)) !== name) continue;
    const value = unquoted(trimmed(pair.slice(equals + 1)));
    if (value !== '') values.add(value);
  }
  return [...values];
}

/** The refresh tokens of a request. A previous cookie name counts only if there is no cookie with the current one. */
export function refreshCookieValues(
  request: HttpRequest,
  { refreshCookie, previousCookies }: CookieJarSettings,
): string[] {
  const current = cookieValues(request, refreshCookie.name);
  if (current.length > 0) return current;
  const names = new Set(previousCookies.map(({ name }) => name));
  return [...names].flatMap((name) => cookieValues(request, name));
}

/** The device token: one text, even if a browser sends several cookies of the name. Empty if there is none. */
export function deviceCookieValue(
  request: HttpRequest,
  { deviceCookie }: CookieJarSettings,
): string {
  return deviceCookie === null ? '' : cookieValues(request, deviceCookie.name).join('~');
}

/**
 * Removes only spaces and tabs: to a browser, a name after U+00A0 has no `__Host-` prefix.
 * No regular expression: its time would be quadratic in the number of blanks. Beyond either end there is no blank.
 */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (isBlank(text.charCodeAt(start))) start += 1;
  while (isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** RFC 6265 §4.1.1: a value may be in double quotes. */
function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value;
}
