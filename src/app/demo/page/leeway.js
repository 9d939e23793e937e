const LEEWAY_MS = 5000;

let endsAt = 0;

/** The session rotated: its old token is still answered for a while, and it doesn't rotate again before that. */
export function beginLeeway() {
  endsAt = performance.now() + LEEWAY_MS;
}

export function leewayLeftMs() {
  return Math.max(0, endsAt - performance.now());
}

/** Resolves when the next refresh will rotate. */
export async function leewayOver() {
  for (let left = leewayLeftMs(); left > 0; left = leewayLeftMs()) {
    await new Promise((resolve) => {
      setTimeout(resolve, left);
    });
  }
}
