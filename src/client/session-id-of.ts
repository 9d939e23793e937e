import { orUndefined } from './or-undefined.js';

/**
 * The `sid` of an access token; undefined where the token or the platform can't be read. The app's own claims come
 * first, so the last match is ours. No character of `"sid":"…` encodes to `-` or `_` in base64url, so any other
 * character can replace those two.
 */
export function sessionIdOf(token: string): string | undefined {
  return orUndefined(() =>
    atob(token.split('.')[1]!.replace(/[-_]/g, '/'))
      .match(/"sid":"\w+/g)!
      .pop(),
  );
}
