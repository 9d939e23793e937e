import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { refuseCrossSite } from '../access/cross-site.js';
import type { HttpRequest } from '../access/http-request.js';
import { refusedCall } from '../access/refused-call.js';
import { AUTH_SETTINGS, type AuthSettings } from '../options/auth-settings.js';
import { Refusals } from '../events/refusals.js';
import { OurGuard } from '../access/our-guards.js';

/** For routes that set or read a cookie: refuses requests that another site made the browser send (403 `csrf_rejected`). */
@OurGuard()
@Injectable()
export class SameSiteGuard implements CanActivate {
  constructor(
    @Inject(AUTH_SETTINGS) private readonly settings: AuthSettings,
    @Inject(Refusals) private readonly refusals: Refusals,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    try {
      refuseCrossSite(request, this.settings.allowedOrigins);
    } catch (refusal) {
      this.refusals.report(refusal, refusedCall(context, request));
      throw refusal;
    }
    return true;
  }
}
