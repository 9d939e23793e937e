const LEEWAY_MS = 5000;

let endsAt = 0;

/** The session rotated: its old token still works during the leeway, and until then the session doesn't rotate again. */
export function beginLeeway() {
  endsAt = performance.now() + LEEWAY_MS;
}

export function leewayLeftMs() {
  return Math.max(0, endsAt - performance.now());
}

/** Resolves when the next refresh will rotate. */
export async function leewayEnd() {
  for (let left = leewayLeftMs(); left > 0; left = leewayLeftMs()) {
    await new Promise((resolve) => {
      setTimeout(resolve, left);
    });
  }
}
