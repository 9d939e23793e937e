import { tried } from './tried.js';

/**
 * The session that an access token is of, its `sid`; undefined where the token, or the platform, doesn't let it be read.
 * The app's own claims stand before it. No letter of it is written with one of base64url's own two characters, so that
 * any other does in their place.
 */
export function sessionOf(token: string): string | undefined {
  return tried(() =>
    atob(token.split('.')[1]!.replace(/[-_]/g, '/'))
      .match(/"sid":"\w+/g)!
      .pop(),
  );
}
