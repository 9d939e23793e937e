/** Waits for a case for so long, in milliseconds. */
export async function withinLimit<T>(
  running: Promise<T>,
  limitMs: number,
  pending: () => string | null,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(lateness(limitMs, pending()))), limitMs);
  });
  try {
    return await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

function lateness(limitMs: number, pending: string | null): string {
  const cause =
    pending === null ? 'The store is slow' : `${pending} has not settled, or the store is slow`;
  return `Not done within ${limitMs / 1000} seconds. ${cause}: then give it more with timeLimitMs.`;
}
