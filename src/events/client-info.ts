import { ipAddress, networkOf } from '../input/ip-address.js';
import { fieldsOf } from '../input/fields.js';
import type { Turn } from '../runtime/fair-queue.js';

/** Where a request came from, shown in the list of sessions. */
export interface ClientInfo {
  /** As the app sees it; a port, brackets or a zone are taken off. Null where there is none: no limit counts it then. */
  ip: string | null;
  userAgent: string | null;
}

/** As long as the column. */
const LONGEST_USER_AGENT = 255;

export const UNKNOWN_CLIENT: ClientInfo = { ip: null, userAgent: null };

/**
 * A client as limits, sessions and events know it, whoever described it.
 * @throws {AuthError} `invalid_request` for what throws when it is read
 */
export function readClient(client: Partial<ClientInfo>): ClientInfo {
  const { ip, userAgent } = fieldsOf(client, 'ip', 'userAgent');
  return {
    ip: typeof ip === 'string' && ip !== '' ? ipAddress(ip) : null,
    userAgent: typeof userAgent === 'string' ? printable(userAgent) : null,
  };
}

/** No database takes every text: PostgreSQL has no NUL, and no halves of characters. */
function printable(userAgent: string): string {
  return userAgent.slice(0, LONGEST_USER_AGENT).replace(/[\0\p{Cs}]/gu, ' ');
}

/** Whose share of the hashing a client takes: the same addresses are one as in the limits. */
export function turnOf({ ip }: ClientInfo, isKnown = false): Turn {
  return { from: ip === null ? null : networkOf(ip), isKnown };
}

/** The lengths of the columns. */
export function clipped({ ip, userAgent }: ClientInfo): ClientInfo {
  return {
    ip: ip?.slice(0, 64) ?? null,
    userAgent: userAgent?.slice(0, LONGEST_USER_AGENT) ?? null,
  };
}
