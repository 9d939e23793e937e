import { Injectable, type NestMiddleware } from '@nestjs/common';
import type { NextFunction, Request, Response } from 'express';
import { Faults, LOSE_RESPONSE } from './faults.js';

/** Makes the demo's auth routes fail as {@link Faults} is set. */
@Injectable()
export class FaultsMiddleware implements NestMiddleware {
  constructor(private readonly faults: Faults) {}

  use(request: Request, response: Response, next: NextFunction): void {
    const { faults } = this;
    if (faults.isDown) {
      response.set('Retry-After', '1').status(503).json({
        statusCode: 503,
        error: 'Service Unavailable',
        message: 'The demo pretends that its store is down.',
        code: 'store_unavailable',
      });
      return;
    }
    if (faults.expired.has(request.headers.authorization ?? '')) {
      response.set('WWW-Authenticate', 'Bearer error="invalid_token"').status(401).json({
        statusCode: 401,
        error: 'Unauthorized',
        message: 'The demo pretends that this access token has expired.',
        code: 'token_expired',
      });
      return;
    }
    if (this.#isResponseLost(request)) {
      response.end = () => {
        request.socket.destroy();
        return response;
      };
    }
    next();
  }

  #isResponseLost(request: Request): boolean {
    if (request.headers[LOSE_RESPONSE] !== undefined) return true;
    const { faults } = this;
    if (faults.responsesToLose === 0 || !request.originalUrl.endsWith('/refresh')) return false;
    faults.responsesToLose -= 1;
    return true;
  }
}
