import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { AuthRouteMatcher } from './auth-route-matcher.js';

interface FastifyRoute {
  url: string;
  onRequest?: unknown;
}
interface FastifyReply {
  header(name: string, value: string): unknown;
}

/** Whatever an answer of our routes becomes, and whoever gives it, it is not cached (RFC 6749 §5.1). */
@Injectable()
export class NoStore {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(AuthRouteMatcher) private readonly routes: AuthRouteMatcher,
  ) {}

  /** For an answer of our routes, wherever they are found to be. */
  mark(response: object): void {
    this.adapterHost.httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
  }

  /** For what fails before our routes are reached. To be called before the routes are registered. */
  beforeRoutes(): void {
    const adapter = this.adapterHost.httpAdapter;
    switch (adapter?.getType()) {
      case 'express':
        adapter.use((request: { originalUrl: string }, response: object, next: () => void) => {
          if (this.routes.has(request.originalUrl)) this.mark(response);
          next();
        });
        break;
      case 'fastify':
        adapter
          .getInstance<{ addHook(on: string, hook: (r: FastifyRoute) => void): void }>()
          .addHook('onRoute', (route) => {
            if (!this.routes.has(route.url)) return;
            route.onRequest = [setNoStore, route.onRequest ?? []].flat();
          });
        break;
    }
  }
}

function setNoStore(_request: unknown, reply: FastifyReply, done: () => void): void {
  reply.header('Cache-Control', 'no-store');
  done();
}
