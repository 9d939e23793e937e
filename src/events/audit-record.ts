import { inspect } from 'node:util';
import { visibleText } from '../errors/visible-text.js';
import type { AuthEvent } from './auth-events.js';

/**
 * An event as a logger receives it. A logger that writes objects (pino, Nest's own with `json: true`) finds each field;
 * one that writes text gets a line. Nest's logger prints a plain object as a dump of several lines, and nestjs-pino
 * drops the fields that follow a text: so it is one object that knows its line.
 */
export class AuditRecord {
  /** What pino shows of a record. */
  readonly msg: string;
  readonly event: AuthEvent['type'];

  constructor({ type, at: _at, ...details }: AuthEvent) {
    this.msg = type;
    this.event = type;
    Object.assign(this, shown(details));
  }

  /** What winston shows of a record. Inherited, so that it is no field. */
  get message(): string {
    return this.toString();
  }

  /** Made of the fields as they are now: Nest's logger copies the record to redact some. */
  toString(): string {
    const { msg: _msg, event, ...details } = this;
    return `${event} ${JSON.stringify(details)}`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** Whatever the logger does with a text, a client can't forge a log line with a name or user agent. */
function shown(value: unknown): unknown {
  if (typeof value === 'string') return visibleText(value);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shown(each)]));
}
