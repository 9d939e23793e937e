import type { CookieJarSettings } from '../options/cookie-settings.js';
import { header, type HttpRequest } from './http-request.js';

/**
 * Every value that a request carries under a cookie's name, in order, each once.
 * Read from the header itself, because cookie-parser keeps the first of several and turns `j:…` into objects.
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
    if (equals < 0 || trimmed(pair.slice(0, equals)) !== name) continue;
    const value = unquoted(trimmed(pair.slice(equals + 1)));
    if (value !== '') values.add(value);
  }
  return [...values];
}

/** The refresh tokens that a request carries; under an earlier configuration's name only if there is none under today's. */
export function refreshCookieValues(
  request: HttpRequest,
  { refreshCookie, previousCookies }: CookieJarSettings,
): string[] {
  const current = cookieValues(request, refreshCookie.name);
  if (current.length > 0) return current;
  const names = new Set(previousCookies.map(({ name }) => name));
  return [...names].flatMap((name) => cookieValues(request, name));
}

/** What the device keeps: one text, also where a browser sends several cookies of one name. Empty where there is none. */
export function deviceCookieValue(
  request: HttpRequest,
  { deviceCookie }: CookieJarSettings,
): string {
  return deviceCookie === null ? '' : cookieValues(request, deviceCookie.name).join('~');
}

/**
 * Without spaces and tabs around it, and nothing else: to a browser, a name after U+00A0 has no `__Host-` prefix.
 * Written out, because an expression takes the square of the blanks between two letters.
 */
function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text.charCodeAt(start))) start += 1;
  while (end > start && isBlank(text.charCodeAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

/** RFC 6265 §4.1.1: a value may stand in double quotes. */
function unquoted(value: string): string {
  return value.length > 1 && value.startsWith('"') && value.endsWith('"')
    ? value.slice(1, -1)
    : value;
}
