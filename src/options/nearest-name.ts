/** How many letters may be wrong: one in a short name, a third of a longer one, three at most. */
const allowed = (name: string) => Math.min(3, Math.max(1, Math.floor(name.length / 3)));

/** The name that was probably meant, or null. */
export function nearestName(written: string, names: readonly string[]): string | null {
  const distances = names.map((name) => ({
    name,
    distance:
      name.toLowerCase() === written.toLowerCase()
        ? 0.5
        : distanceOf(written.toLowerCase(), name.toLowerCase()),
  }));
  const [nearest] = distances.toSorted((one, other) => one.distance - other.distance);
  return nearest !== undefined && nearest.distance <= allowed(nearest.name) ? nearest.name : null;
}

/** How many letters are to be dropped, added, changed, or swapped with the next (optimal string alignment). */
function distanceOf(one: string, other: string): number {
  const rows: number[][] = [Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const isSame = one[i - 1] === other[j - 1];
      const isSwapped =
        i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row.push(
        Math.min(
          rows[i - 1]![j]! + 1,
          row[j - 1]! + 1,
          rows[i - 1]![j - 1]! + (isSame ? 0 : 1),
          isSwapped ? rows[i - 2]![j - 2]! + 1 : Infinity,
        ),
      );
    }
    rows.push(row);
  }
  return rows.at(-1)!.at(-1)!;
}
