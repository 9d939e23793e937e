import { Controller, Get, Header, Inject, NotFoundException } from '@nestjs/common';
import { Public } from '../access/public.decorator.js';
import { JSON_WEB_KEY_SET, type JsonWebKeySet } from '../tokens/json-web-key-set.js';

/** Publishes the public keys of access tokens, where there are any (RFC 7517, RFC 8615). */
@Controller('.well-known')
export class JwksController {
  constructor(@Inject(JSON_WEB_KEY_SET) private readonly keySet: JsonWebKeySet) {}

  /** To be cached for minutes only: a new key is announced here before it signs. */
  @Get('jwks.json')
  @Public()
  @Header('Cache-Control', 'public, max-age=300')
  jwks(): JsonWebKeySet {
    if (this.keySet.keys.length === 0) throw new NotFoundException();
    return this.keySet;
  }
}
