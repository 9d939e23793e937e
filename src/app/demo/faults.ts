import { Injectable } from '@nestjs/common';

/** What can be made to fail, so that one sees that nobody is signed out. */
@Injectable()
export class Faults {
  /** The store seems to be down. */
  isDown = false;
  /** How many of the next refreshes are carried out and their answers dropped. */
  answersToLose = 0;
  /** `Authorization` headers whose access tokens are treated as expired before their time. */
  readonly expired = new Set<string>();
}
