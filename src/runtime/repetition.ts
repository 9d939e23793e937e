/** The shortest piece that, repeated, gives the sequence; the sequence itself if it doesn't repeat. */
export function repeatedPiece<T extends { length: number; slice(start: number, end?: number): T }>(
  sequence: T,
  isSame: (one: T, other: T) => boolean,
): T {
  for (let period = 1; period <= sequence.length / 2; period += 1) {
    const shifted = sequence.slice(period);
    if (isSame(shifted, sequence.slice(0, shifted.length))) return sequence.slice(0, period);
  }
  return sequence;
}
