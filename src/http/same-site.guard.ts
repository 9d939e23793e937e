import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
  type OnModuleInit,
} from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { refuseCrossSite } from '../access/cross-site.js';
import { writeErrorHeaders } from '../access/error-headers.js';
import type { HttpRequest } from '../access/http-request.js';
import { moduleMissing } from '../access/module-missing.js';
import { refusedCall } from '../access/refused-call.js';
import { AUTH_SETTINGS, type AuthSettings } from '../options/auth-settings.js';
import { Refusals } from '../events/refusals.js';
import { OurGuard } from '../access/our-guards.js';

/** For routes that set or read a cookie: refuses requests that another site made the browser send (403 `csrf_rejected`). */
@OurGuard()
@Injectable()
export class SameSiteGuard implements CanActivate, OnModuleInit {
  @Optional() @Inject(HttpAdapterHost) private readonly adapterHost?: HttpAdapterHost;

  constructor(
    @Optional() @Inject(AUTH_SETTINGS) private readonly settings: AuthSettings,
    @Optional() @Inject(Refusals) private readonly refusals: Refusals,
  ) {}

  /** @throws {AuthConfigurationError} in an app without AuthModule */
  onModuleInit(): void {
    if (!this.settings) throw moduleMissing(this);
  }

  canActivate(context: ExecutionContext): boolean {
    if (!this.settings) throw moduleMissing(this);
    const request = context.switchToHttp().getRequest<HttpRequest>();
    try {
      refuseCrossSite(request, this.settings.allowedOrigins);
    } catch (refusal) {
      this.refusals.report(refusal, refusedCall(context, request));
      writeErrorHeaders(refusal, context, this.adapterHost);
      throw refusal;
    }
    return true;
  }
}
