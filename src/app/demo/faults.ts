import { Injectable } from '@nestjs/common';

/** A request with this header is carried out, and its response is dropped. */
export const LOSE_RESPONSE = 'demo-lose-response';

/** Failures that can be switched on, to show that nobody is signed out. */
@Injectable()
export class Faults {
  /** Whether the store is simulated as down. */
  isDown = false;
  /** How many of the next refreshes are carried out while their responses are dropped. */
  responsesToLose = 0;
  /** `Authorization` headers whose access tokens are treated as expired before their time. */
  readonly expired = new Set<string>();
}
