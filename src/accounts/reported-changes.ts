/** Changes remembered at most, of the users who made theirs last. */
const MOST = 1000;

/** Remembers which changes of password this process has told of, so that one that comes again is told of once. */
export class ReportedChanges {
  /** By user, the hash that the last change has set. */
  readonly #last = new Map<string, string>();

  /** Whether nobody was told yet; asking is telling. */
  isNew(userId: string, passwordHash: string): boolean {
    if (this.#last.get(userId) === passwordHash) return false;
    this.#last.delete(userId);
    this.#last.set(userId, passwordHash);
    const [oldest] = this.#last.keys();
    if (this.#last.size > MOST) this.#last.delete(oldest!);
    return true;
  }
}
