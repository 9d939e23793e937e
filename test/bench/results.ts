/** One line of the benchmark. */
export interface Result {
  name: string;
  /** ours ÷ other: the median over the rounds, each measured side by side. Null where there is nothing to compare with. */
  ratio: number | null;
  ours: number;
  other: number | null;
  unit: string;
  rounds: number;
  /** The lowest and the highest ratio of a round. */
  spread: [number, number] | null;
  /** What is compared with what. */
  of: string;
}

export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Computes a result from the figures of each round. */
export function resultOf(
  { name, unit, of }: Pick<Result, 'name' | 'unit' | 'of'>,
  rounds: readonly { ours: number; other: number }[],
): Result {
  const ratios = rounds.map(({ ours, other }) => ours / other);
  return {
    name,
    ratio: median(ratios),
    ours: median(rounds.map(({ ours }) => ours)),
    other: median(rounds.map(({ other }) => other)),
    unit,
    rounds: rounds.length,
    spread: [Math.min(...ratios), Math.max(...ratios)],
    of,
  };
}
