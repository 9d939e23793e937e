import { Logger } from '@nestjs/common';
import type { AuthEvent, AuthEventListener } from './auth-events.js';

/** At most one line about each source of failures in this many milliseconds. */
const OUTAGE_LINE_EVERY_MS = 10_000;

/** The default event listener: writes one line per event with Nest's logger. */
export function auditLog(): AuthEventListener {
  const logger = new Logger('AuthAudit');
  const lastOutageLineAt = new Map<string, number>();
  return (event) => {
    switch (event.type) {
      case 'rotated':
      case 'renewed':
      case 'replayed':
        return;
      case 'store_unavailable':
        if (event.at - (lastOutageLineAt.get(event.source) ?? -Infinity) < OUTAGE_LINE_EVERY_MS)
          return;
        lastOutageLineAt.set(event.source, event.at);
        logger.error(line(event));
        return;
      case 'reuse_detected':
      case 'login_failed':
      case 'refused':
        logger.warn(line(event));
        return;
      default:
        logger.log(line(event));
    }
  };
}

/** Control and direction characters that a terminal or log viewer could act on, and that JSON does not escape. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Escapes the details, so that a client can't forge a log line with a name or user agent. */
function line({ type, at: _at, ...details }: AuthEvent): string {
  return `${type} ${JSON.stringify(details).replace(UNSEEN, escaped)}`;
}

function escaped(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
