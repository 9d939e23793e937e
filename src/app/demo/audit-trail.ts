import { Injectable } from '@nestjs/common';
import type { AuthEvent } from 'nestjs-refresh-auth';
import { Subject, type Observable } from 'rxjs';

/** Records the events of the demo's sessions as they happen. */
@Injectable()
export class AuditTrail {
  readonly #events = new Subject<AuthEvent>();

  readonly record = (event: AuthEvent): void => this.#events.next(event);

  get events(): Observable<AuthEvent> {
    return this.#events;
  }
}
