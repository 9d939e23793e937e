import { $ } from './elements.js';
import { claimsOf } from './session.js';

let token = null;
let since = 0;
let lifeMs = 1;

/** Draws the life that is left in the access token, four times a second. */
export function startRing() {
  setInterval(draw, 250);
}

/** A new token refills the ring; null empties it. Time is counted from receipt, so a wrong clock doesn't show. */
export function setToken(next) {
  if (next === token) return;
  token = next;
  since = performance.now();
  lifeMs = next === null ? 1 : lifeOf(next);
  draw();
}

function draw() {
  const left = token === null ? 0 : Math.max(0, lifeMs - (performance.now() - since));
  const share = left / lifeMs;
  $('ring-life').style.strokeDashoffset = String(100 * (1 - share));
  $('ring-life').classList.toggle('low', share < 1 / 3);
  $('ring-seconds').textContent = token === null ? '–' : String(Math.ceil(left / 1000));
}

/** Only for the drawing: a client never needs to read a token. */
function lifeOf(jwt) {
  const { exp, iat } = claimsOf(jwt);
  return (exp - iat) * 1000;
}
