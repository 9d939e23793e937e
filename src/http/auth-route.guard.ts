import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { header, type HttpRequest } from '../access/http-request.js';
import { refusedCall } from '../access/refused-call.js';
import { AuthError } from '../errors/auth-error.js';
import { Refusals } from '../events/refusals.js';
import { NoStore } from './no-store.js';
import { hasBody } from './request-body.js';
import { UntrustedProxyWarning } from './untrusted-proxy-warning.js';

/** The first guard of each of our routes: bodies are JSON, answers are not cached (see {@link NoStore}). */
@Injectable()
export class AuthRouteGuard implements CanActivate {
  constructor(
    @Inject(UntrustedProxyWarning) private readonly proxyWarning: UntrustedProxyWarning,
    @Inject(NoStore) private readonly noStore: NoStore,
    @Inject(Refusals) private readonly refusals: Refusals,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    this.noStore.mark(context.switchToHttp().getResponse());
    this.proxyWarning.look(request);
    if (hasBody(request) && !isJson(header(request, 'content-type'))) {
      const refusal = new AuthError(
        'invalid_request',
        'Send the body as JSON: Content-Type: application/json.',
      );
      this.refusals.report(refusal, refusedCall(context, request));
      throw refusal;
    }
    return true;
  }
}

/** The types that a page of another site can't send without a preflight are all others (Fetch Standard, CORS-safelisted). */
function isJson(contentType: string | null): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? '');
}
