import { header, type HttpRequest } from './http-request.js';
import { UNKNOWN_ADDRESS } from '../input/ip-address.js';
import { readClient, type ClientInfo } from '../events/client-info.js';

/**
 * Where a request came from. Behind a proxy the address is right only if the app trusts the proxy.
 * A request has an address even where none can be read (the client hung up, a Unix socket): otherwise no limit held.
 */
export function clientOf(request: HttpRequest): ClientInfo {
  const ip = typeof request.ip === 'string' && request.ip !== '' ? request.ip : UNKNOWN_ADDRESS;
  return readClient({ ip, userAgent: header(request, 'user-agent') });
}
