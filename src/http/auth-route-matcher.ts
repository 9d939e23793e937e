import { RequestMethod } from '@nestjs/common';
import type { AuthRoute } from './auth-routes.js';

/**
 * Recognizes the routes of this module by a request's URL, before a router has seen it. One expression for all of them,
 * because a middleware for each route would slow down every request.
 */
export class AuthRouteMatcher {
  readonly #any: RegExp;
  readonly #routes: readonly { path: RegExp; method: string; name: string }[];

  /** @param prefix where the routes are, without the app's global prefix and version */
  constructor(prefix: string, routes: readonly AuthRoute[]) {
    const paths = routes.map(({ path }) => expressionOf(`${prefix}/${path}`));
    // With an empty path the pattern is anchored at the root, so it does not match behind a global prefix.
    const start = segmentsOf(prefix).length === 0 ? '^' : '';
    const matching = (path: string) => new RegExp(`${start}(?:${path})/?$`, 'i');
    this.#any = paths.length === 0 ? /(?!)/ : matching(paths.join('|'));
    this.#routes = routes.map(({ method, name }, i) => ({
      path: matching(paths[i]!),
      method: RequestMethod[method],
      name,
    }));
  }

  /** Whether a URL is one of the module's. To a router `/AUTH/login/` is `/auth/login`, unless it is strict. */
  has(url: string): boolean {
    return this.#any.test(pathOf(url));
  }

  /** The name of a request's route in events. If only another method has a route there, it is that one's. */
  nameOf(url: string, method?: string): string {
    const found = this.#routes.filter(({ path }) => path.test(pathOf(url)));
    const exact = found.find((route) => route.method === method || route.method === 'ALL');
    return (exact ?? found[0])?.name ?? '';
  }
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return end < 0 ? url : url.slice(0, end);
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** `\:`, `/:id`, `:id(\\d+)`, `:id?`, `*rest`, `{/:id}`, and any other character: the syntax of both routers. */
const PART =
  /\\(?<escaped>.)|(?<slash>\/?):\w+(?:\((?:[^()]|\([^()]*\))*\))?(?<optional>\?)?|(?<rest>\*\w*)|(?<bracket>[{}])|(?<other>[^\w/])/g;

/** A path in the syntax of Nest's routers as an expression, which matches at least what the router matches. */
function expressionOf(path: string): string {
  const joined = segmentsOf(path).map((segment) => `/${segment}`);
  return joined.join('').replace(PART, (...found) => {
    const part = found.at(-1) as Record<string, string | undefined>;
    if (part.rest !== undefined) return '.*';
    if (part.bracket !== undefined) return part.bracket === '{' ? '(?:' : ')?';
    const text = part.escaped ?? part.other;
    if (text !== undefined) return `\\${text}`;
    return part.optional === undefined ? `${part.slash}[^/]+` : `(?:${part.slash}[^/]+)?`;
  });
}
