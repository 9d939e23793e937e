import { Injectable, Logger } from '@nestjs/common';
import { header, type HttpRequest } from '../access/http-request.js';
import { nodeRequest } from '../access/node-request.js';

/** Warns once if a proxy hides the clients' addresses: limits per address would count all clients together. */
@Injectable()
export class UntrustedProxyWarning {
  readonly #logger = new Logger('AuthModule');
  #isSaid = false;

  inspect(request: HttpRequest): void {
    if (this.#isSaid || header(request, 'x-forwarded-for') === null) return;
    const peer = nodeRequest(request).socket?.remoteAddress;
    if (request.ip !== peer) return;
    this.#isSaid = true;
    this.#logger.warn(
      "Requests carry X-Forwarded-For, but the app doesn't trust a proxy: sessions and limits see the proxy's address. " +
        "Behind a proxy, set Express' `trust proxy` (or Fastify's `trustProxy`).",
    );
  }
}
