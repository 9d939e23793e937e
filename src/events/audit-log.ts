import { Logger } from '@nestjs/common';
import type { AuthEvent, AuthEventListener } from './auth-events.js';

/** Milliseconds between two lines about a store that is down. */
const OUTAGE_LINE_EVERY_MS = 10_000;

/** What the module does with events unless the app brings a listener: a line each, by Nest's logger. */
export function auditLog(): AuthEventListener {
  const logger = new Logger('AuthAudit');
  let lastOutageLineAt = -Infinity;
  return (event) => {
    switch (event.type) {
      case 'rotated':
      case 'renewed':
      case 'replayed':
        return;
      case 'store_unavailable':
        if (event.at - lastOutageLineAt < OUTAGE_LINE_EVERY_MS) return;
        lastOutageLineAt = event.at;
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

/** What a terminal or a viewer of logs could take for a command or a turn of direction, and JSON leaves as it is. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** Escapes what a client could have put into a name or user agent to forge a line. */
function line({ type, at: _at, ...details }: AuthEvent): string {
  return `${type} ${JSON.stringify(details).replace(UNSEEN, escaped)}`;
}

function escaped(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0));
  return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
}
