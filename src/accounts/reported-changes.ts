/** Most changes remembered, for the users who changed last. */
const MOST = 1000;

/** Remembers which password changes this process has reported, so that a repeated one is reported only once. */
export class ReportedChanges {
  /** For each user, the hash that the last change set. */
  readonly #last = new Map<string, string>();

  /** Whether it was not reported yet; calling this marks it as reported. */
  isNew(userId: string, passwordHash: string): boolean {
    if (this.#last.get(userId) === passwordHash) return false;
    this.#last.delete(userId);
    this.#last.set(userId, passwordHash);
    const [oldest] = this.#last.keys();
    if (this.#last.size > MOST) this.#last.delete(oldest!);
    return true;
  }
}
