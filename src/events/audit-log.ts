import { Logger } from '@nestjs/common';
import { AuditRecord } from './audit-record.js';
import type { AuthEventListener } from './auth-events.js';

/** At most one record about each source of failures in this many milliseconds. */
const OUTAGE_EVERY_MS = 10_000;

/** The default event listener: writes one record per event with Nest's logger. */
export function auditLog(): AuthEventListener {
  const logger = new Logger('AuthAudit');
  const lastOutageAt = new Map<string, number>();
  return (event) => {
    switch (event.type) {
      case 'rotated':
      case 'renewed':
      case 'replayed':
        return;
      case 'store_unavailable':
        if (event.at - (lastOutageAt.get(event.source) ?? -Infinity) < OUTAGE_EVERY_MS) return;
        lastOutageAt.set(event.source, event.at);
        logger.error(new AuditRecord(event));
        return;
      case 'reuse_detected':
      case 'login_failed':
      case 'refused':
        logger.warn(new AuditRecord(event));
        return;
      default:
        logger.log(new AuditRecord(event));
    }
  };
}
