import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { JSON_WEB_KEY_SET, type JsonWebKeySet } from '../tokens/json-web-key-set.js';

/**
 * Publishes the public keys of access tokens where there are any (RFC 7517), at the place that RFC 8615 gives:
 * the root, whatever prefix the app's routes have.
 */
@Injectable()
export class JwksRoute implements OnModuleInit {
  constructor(
    @Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost,
    @Inject(JSON_WEB_KEY_SET) private readonly keySet: JsonWebKeySet,
  ) {}

  onModuleInit(): void {
    const adapter = this.adapterHost.httpAdapter;
    if (this.keySet.keys.length === 0 || adapter === undefined) return;
    adapter.get('/.well-known/jwks.json', (_request: unknown, response: unknown) => {
      // Minutes only: a new key is announced here before it signs.
      adapter.setHeader(response, 'Cache-Control', 'public, max-age=300');
      adapter.reply(response, this.keySet, 200);
    });
  }
}
