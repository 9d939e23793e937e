import { header, type HttpRequest } from '../access/http-request.js';
import type { ClientInfo } from '../sessions/client-info.js';

/** Where a request came from. Behind a proxy the address is right only if the app trusts the proxy. */
export function clientOf(request: HttpRequest): ClientInfo {
  return { ip: request.ip ?? null, userAgent: header(request, 'user-agent') };
}
