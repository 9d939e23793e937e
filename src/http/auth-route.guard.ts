import {
  Inject,
  Injectable,
  Optional,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { HttpAdapterHost, ModulesContainer } from '@nestjs/core';
import { writeErrorHeaders } from '../access/error-headers.js';
import { header, type HttpRequest } from '../access/http-request.js';
import { refusedCall } from '../access/refused-call.js';
import { AuthError } from '../errors/auth-error.js';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { Refusals } from '../events/refusals.js';
import { mountedElsewhere } from './mounted-elsewhere.js';
import { AuthResponses } from './auth-responses.js';
import { hasBody } from './request-body.js';
import { UntrustedProxyWarning } from './untrusted-proxy-warning.js';

/**
 * The first guard of each of our routes: bodies are JSON, and responses are not cached, also where neither the edge for
 * Express nor that for Fastify has seen to it.
 */
@Injectable()
export class AuthRouteGuard implements CanActivate {
  @Optional() @Inject(HttpAdapterHost) private readonly adapterHost?: HttpAdapterHost;
  @Optional() @Inject(Refusals) private readonly refusals?: Refusals;
  readonly #proxyWarning: UntrustedProxyWarning;
  readonly #responses: AuthResponses;

  constructor(
    @Optional() @Inject(UntrustedProxyWarning) proxyWarning?: UntrustedProxyWarning,
    @Optional() @Inject(AuthResponses) responses?: AuthResponses,
    @Optional() @Inject(ModulesContainer) modules?: ModulesContainer,
  ) {
    // Nest creates a guard in the module of the controller: only AuthModule has what it needs.
    if (proxyWarning === undefined || responses === undefined) {
      throw new AuthConfigurationError(
        mountedElsewhere(modules, (guards) => guards.includes(AuthRouteGuard)),
      );
    }
    this.#proxyWarning = proxyWarning;
    this.#responses = responses;
  }

  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<HttpRequest>();
    this.#responses.forbidCaching(context.switchToHttp().getResponse());
    this.#proxyWarning.inspect(request);
    if (hasBody(request) && !isJson(header(request, 'content-type'))) {
      const refusal = new AuthError(
        'invalid_request',
        'Send the body as JSON: Content-Type: application/json.',
      );
      this.refusals?.report(refusal, refusedCall(context, request));
      writeErrorHeaders(refusal, context, this.adapterHost);
      throw refusal;
    }
    return true;
  }
}

/** A page of another site can't send this type without a preflight (Fetch Standard: it is not CORS-safelisted). */
function isJson(contentType: string | null): boolean {
  return /^application\/json\s*(;|$)/i.test(contentType ?? '');
}
