/** Where a request came from, shown in the list of sessions. */
export interface ClientInfo {
  ip: string | null;
  userAgent: string | null;
}

export const UNKNOWN_CLIENT: ClientInfo = { ip: null, userAgent: null };

/** The lengths of the columns. */
export function clipped({ ip, userAgent }: ClientInfo): ClientInfo {
  return { ip: ip?.slice(0, 64) ?? null, userAgent: userAgent?.slice(0, 255) ?? null };
}
