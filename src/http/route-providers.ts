import type { Provider, Type } from '@nestjs/common';
import { AuthRouteEdge } from './auth-route-edge.js';
import { AuthRouteMatcher } from './auth-route-matcher.js';
import { routesOf } from './auth-routes.js';
import { JwksRoute } from './jwks-route.js';
import { UntrustedProxyWarning } from './untrusted-proxy-warning.js';

/** What the routes of a mounted controller need beside it. */
export function routeProviders(path: string, controller: Type): Provider[] {
  const matcher = new AuthRouteMatcher(path, routesOf(controller));
  return [
    { provide: AuthRouteMatcher, useValue: matcher },
    AuthRouteEdge,
    UntrustedProxyWarning,
    JwksRoute,
  ];
}
