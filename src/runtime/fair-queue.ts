/** A place in the queue: requests from one address share the turns of one address. */
export interface Turn {
  /** An address, or null for all whose address is unknown, together. */
  from: string | null;
  /** From a device that is known to belong to the account. */
  isKnown: boolean;
}

/** A line of waiting items for each address. */
type Lines<T> = Map<string | null, T[]>;

/**
 * A bounded queue that no single sender can fill. Known devices and strangers take turns, known devices first; within
 * each group addresses take turns too. If it is full, the last item of the longest line is removed.
 */
export class FairQueue<T> {
  readonly #known: Lines<T> = new Map();
  readonly #strangers: Lines<T> = new Map();
  #isStrangersTurn = false;

  constructor(private readonly longest: number) {}

  /** @returns the item removed because the queue is full: it may be the new one */
  add(item: T, { from, isKnown }: Turn): T | null {
    const lines = isKnown ? this.#known : this.#strangers;
    const leaving = this.#isFull() ? this.#roomFor(from, isKnown) : null;
    if (leaving === 'nobody') return item;
    lines.set(from, [...(lines.get(from) ?? []), item]);
    return leaving === null ? null : leaving.item;
  }

  /** Removes and returns the item whose turn it is. */
  next(): T | undefined {
    const [first, second] = this.#isStrangersTurn
      ? [this.#strangers, this.#known]
      : [this.#known, this.#strangers];
    const lines = first.size > 0 ? first : second;
    this.#isStrangersTurn = lines === this.#known;
    return takeFirst(lines);
  }

  #isFull(): boolean {
    return sizeOf(this.#known) + sizeOf(this.#strangers) >= this.longest;
  }

  /** Known devices and strangers get half of the places each if both need them. */
  #roomFor(from: string | null, isKnown: boolean): { item: T } | 'nobody' {
    const [own, others] = isKnown ? [this.#known, this.#strangers] : [this.#strangers, this.#known];
    const [ownSize, othersSize] = [sizeOf(own) + 1, sizeOf(others)];
    if (ownSize < othersSize || (isKnown && ownSize === othersSize)) return takeLast(others);
    const isLongest = longestOf(own) <= (own.get(from)?.length ?? 0) + 1;
    return isLongest ? 'nobody' : takeLast(own);
  }
}

/** The first item of the line whose turn it is; that line goes to the back. */
function takeFirst<T>(lines: Lines<T>): T | undefined {
  for (const [from, [item, ...rest]] of lines) {
    lines.delete(from);
    if (rest.length > 0) lines.set(from, rest);
    return item;
  }
  return undefined;
}

/** The last item of the longest line. */
function takeLast<T>(lines: Lines<T>): { item: T } {
  const most = longestOf(lines);
  const [from, line] = [...lines].findLast(([, each]) => each.length === most)!;
  const item = line.pop()!;
  if (line.length === 0) lines.delete(from);
  return { item };
}

function longestOf<T>(lines: Lines<T>): number {
  return Math.max(0, ...[...lines.values()].map((line) => line.length));
}

function sizeOf<T>(lines: Lines<T>): number {
  return [...lines.values()].reduce((sum, line) => sum + line.length, 0);
}
