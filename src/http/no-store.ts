import { Inject, Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';

/** No response of the module's routes is cached, whatever it is and whichever part of the app sends it (RFC 6749 §5.1). */
@Injectable()
export class NoStore {
  constructor(@Inject(HttpAdapterHost) private readonly adapterHost: HttpAdapterHost) {}

  mark(response: object): void {
    this.adapterHost.httpAdapter.setHeader(response, 'Cache-Control', 'no-store');
  }
}
