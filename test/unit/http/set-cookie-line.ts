import { expect } from '@jest/globals';

/** Whether a `Set-Cookie` line sets or deletes the cookie; its name, value and attributes. */
export function cookieOf(line: string): [how: string, ...cookie: unknown[]] {
  const [pair = '', ...attributes] = line.split('; ');
  const [name, value] = pair.split('=');
  const given = new Map(
    attributes.map((each): [string, string] => {
      const [attribute = '', setting = ''] = each.split('=');
      return [attribute, setting];
    }),
  );
  const domain = given.get('Domain');
  const kept = {
    path: given.get('Path'),
    httpOnly: given.has('HttpOnly'),
    secure: given.has('Secure'),
    sameSite: given.get('SameSite')?.toLowerCase(),
    ...(domain !== undefined && { domain }),
  };
  const maxAge = Number(given.get('Max-Age'));
  if (maxAge > 0) return ['set', name, value, { ...kept, maxAge }];
  expect([value, given.get('Expires')]).toEqual(['', 'Thu, 01 Jan 1970 00:00:00 GMT']);
  return ['delete', name, kept];
}
