import type { RevocationReason } from '../events/revocation-reason.js';
import type { SessionRow } from '../sessions/refresh-token-store.js';

/** A row as the driver returns it, under the names of the entity's properties. */
export function sessionOf(record: Record<string, unknown>): SessionRow {
  return {
    id: String(record.id),
    userId: String(record.userId),
    tokenHash: String(record.tokenHash),
    generation: Number(record.generation),
    createdAt: Number(record.createdAt),
    rotatedAt: Number(record.rotatedAt),
    expiresAt: Number(record.expiresAt),
    absoluteExpiresAt: Number(record.absoluteExpiresAt),
    revokedAt: timeOf(record.revokedAt),
    revokedReason: textOf(record.revokedReason) as RevocationReason | null,
    ip: textOf(record.ip),
    userAgent: textOf(record.userAgent),
  };
}

/**
 * Drivers return a bigint as text, number or bigint, depending on their settings; milliseconds fit a number until the
 * year 287396.
 */
export function timeOf(value: unknown): number | null {
  return value === null || value === undefined ? null : Number(value);
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}
