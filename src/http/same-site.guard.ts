import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { refuseCrossSite } from '../access/cross-site.js';
import type { HttpRequest } from '../access/http-request.js';
import { AUTH_SETTINGS, type AuthSettings } from '../options/auth-settings.js';

/** Refuses what another site made the browser send to a route that sets or reads a cookie: 403 `csrf_rejected`. */
@Injectable()
export class SameSiteGuard implements CanActivate {
  constructor(@Inject(AUTH_SETTINGS) private readonly settings: AuthSettings) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    refuseCrossSite(request, this.settings.allowedOrigins);
    return true;
  }
}
