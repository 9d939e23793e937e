import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { judgeOrdinary, type OrdinaryFamily, type OrdinaryVerdict } from './ordinary-rotation.js';

/** Sessions with ordinary rotation, in memory. Only for the demo's comparison: nothing is guarded by them. */
@Injectable()
export class OrdinarySessions {
  /** The family of each token, used ones included: that is how reuse is noticed. */
  readonly #families = new LRUCache<string, OrdinaryFamily>({ max: 10_000 });

  /** @returns the first refresh token of a new family */
  start(): string {
    return this.#issue({ current: '', isEnded: false });
  }

  refresh(token: string): { verdict: OrdinaryVerdict; successor: string | null } {
    const family = this.#families.get(token);
    const verdict = judgeOrdinary(family, token);
    if (verdict === 'reused') family!.isEnded = true;
    return { verdict, successor: verdict === 'rotated' ? this.#issue(family!) : null };
  }

  end(token: string): void {
    const family = this.#families.get(token);
    if (family !== undefined) family.isEnded = true;
  }

  #issue(family: OrdinaryFamily): string {
    family.current = randomBytes(32).toString('base64url');
    this.#families.set(family.current, family);
    return family.current;
  }
}
