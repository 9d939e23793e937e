const ROUTES = 'login|register|refresh|logout|logout-all|me|password|sessions(?:/[^/]*)?';

/**
 * Tells our routes from the app's by a request's URL, before any router has seen it.
 * One expression for all of them, because in Express each middleware of a route is a step on the way of every request.
 */
export class OwnRoutes {
  readonly #path: RegExp;

  /** @param prefix where the routes are, without the app's global prefix and version */
  constructor(prefix: string) {
    const segments = prefix.split('/').filter((segment) => segment !== '');
    const path = segments.map(
      (segment) => `/${segment.startsWith(':') ? '[^/]+' : literal(segment)}`,
    );
    // Without a path of their own our routes are told from the app's only where the app has no prefix either.
    this.#path = new RegExp(`${path.length === 0 ? '^' : path.join('')}/(${ROUTES})/?$`, 'i');
  }

  /** Express takes `/AUTH/login/` for `/auth/login`. */
  has(url: string): boolean {
    return this.#path.test(pathOf(url));
  }

  /** Which of them it is, as events name it: `login`, `logoutAll` … */
  nameOf(url: string): string {
    const [, given = ''] = this.#path.exec(pathOf(url)) ?? [];
    const route = given.toLowerCase();
    if (route.startsWith('sessions/')) return 'revokeSession';
    return route === 'logout-all' ? 'logoutAll' : route;
  }
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

function literal(segment: string): string {
  return segment.replace(/[^\w-]/g, '\\$&');
}
