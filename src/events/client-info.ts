import { ipAddress, networkOf, UNKNOWN_ADDRESS } from '../input/ip-address.js';
import { fieldsOf } from '../input/fields.js';
import type { Turn } from '../runtime/fair-queue.js';

/** Where a request came from. Shown in the list of sessions. */
export interface ClientInfo {
  /** As the app sees it, without port, brackets or zone. If null, no limit counts it. */
  ip: string | null;
  userAgent: string | null;
}

/** The length of the column. */
const LONGEST_USER_AGENT = 255;

export const UNKNOWN_CLIENT: ClientInfo = { ip: null, userAgent: null };

/**
 * A client in the form that limits, sessions and events use, from whichever source.
 * @throws {AuthError} `invalid_request` if reading a property throws
 */
export function readClient(client: { readonly [K in keyof ClientInfo]?: unknown }): ClientInfo {
  const { ip, userAgent } = fieldsOf(client, 'ip', 'userAgent');
  return {
    ip: typeof ip === 'string' && ip !== '' ? ipAddress(ip) : null,
    userAgent: typeof userAgent === 'string' ? printable(userAgent) : null,
  };
}

/**
 * Where a request came from. Behind a proxy the address is right only if the app trusts the proxy. A request always has
 * an address, even if none can be read (the client hung up, a Unix socket): otherwise no limit would count it.
 */
export function clientOf(request: {
  readonly ip?: unknown;
  readonly headers: Readonly<Record<string, unknown>>;
}): ClientInfo {
  const { ip, userAgent } = readClient({
    ip: request.ip,
    userAgent: request.headers['user-agent'],
  });
  return { ip: ip ?? UNKNOWN_ADDRESS, userAgent };
}

/** PostgreSQL stores neither NUL nor half a surrogate pair. */
function printable(userAgent: string): string {
  return userAgent.slice(0, LONGEST_USER_AGENT).replace(/[\0\p{Cs}]/gu, ' ');
}

/** The client's place in the hashing queue. Addresses are grouped as in the limits. */
export function queueTurnOf({ ip }: ClientInfo, isKnown = false): Turn {
  return { from: ip === null ? null : networkOf(ip), isKnown };
}
