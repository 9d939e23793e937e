import { $ } from './elements.js';
import { client, pull } from './session.js';
import { addEvent } from './timeline.js';

const LEEWAY_MS = 5000;

let thief = null;
let leewayEndsAt = 0;

/** The two people, the copied cookie, and who is found out. */
export function prepareTheft() {
  $('steal').addEventListener('click', steal);
  $('victim-refresh').addEventListener('click', () => client.refresh().catch(() => {}));
  $('thief-refresh').addEventListener('click', thiefRefreshes);
  setInterval(showLeeway, 250);
}

export function victimIsSignedIn(isSignedIn) {
  for (const id of ['steal', 'victim-refresh']) $(id).disabled = !isSignedIn;
  if (isSignedIn) {
    $('victim').className = 'person good';
    $('victim-state').textContent = 'holds the current token';
  } else if ($('victim').className !== 'person caught') {
    $('victim').className = 'person';
    $('victim-state').textContent = 'not signed in';
  }
}

/** The session rotated: whoever holds the predecessor is within the leeway from now on. */
export function theftSawRotation({ userAgent }) {
  leewayEndsAt = performance.now() + LEEWAY_MS;
  if (thief === null) return;
  const isThief = userAgent?.startsWith('Thief');
  const [ahead, behind] = isThief ? ['thief', 'victim'] : ['victim', 'thief'];
  $(`${ahead}-state`).textContent = 'holds the current token';
  $(ahead).className = 'person good';
  $(`${behind}-state`).textContent = 'holds a superseded token';
  $(behind).className = 'person';
}

/** The server saw a superseded token, and ended the session for both. */
export function theftIsFound({ generation, currentGeneration, ip, userAgent, lastRefresh }) {
  if (thief === null) return;
  caught('victim', 'signed out: the session is ended');
  caught('thief', 'shut out: the copy is worthless');
  $('thief-refresh').disabled = true;
  $('theft-event').textContent =
    `reuse_detected: generation ${generation} came from ${ip} (${short(userAgent)}) while generation ` +
    `${currentGeneration} was current, last refreshed by ${lastRefresh.ip} (${short(lastRefresh.userAgent)}).`;
}

async function steal() {
  $('steal').disabled = true;
  $('thief-state').textContent = 'waits for a token that is due for rotation …';
  await new Promise((resolve) => {
    setTimeout(resolve, leewayEndsAt - performance.now());
  });
  $('steal').disabled = false;
  ({ thief } = await pull('steal'));
  leewayEndsAt = 0;
  $('theft-event').textContent = '';
  $('thief').className = 'person good';
  $('thief-state').textContent = 'holds a copy of the cookie';
  $('thief-refresh').disabled = false;
}

async function thiefRefreshes() {
  const { status, code } = await pull(`thieves/${thief}/refresh`);
  addEvent(
    `the thief’s POST refresh was answered ${status} ${code ?? ''}`,
    status === 200 ? 'warn' : 'bad',
  );
  if (status !== 200) caught('thief', `answered ${status} ${code}`);
}

function caught(id, text) {
  $(id).className = 'person caught';
  $(`${id}-state`).textContent = text;
}

function showLeeway() {
  const left = leewayEndsAt - performance.now();
  const isRunning = thief !== null && leewayEndsAt > 0;
  if (!isRunning) $('leeway-left').textContent = '';
  else if (left > 0) $('leeway-left').textContent = `leeway: ${Math.ceil(left / 1000)} s left`;
  else $('leeway-left').textContent = 'leeway is over: an old copy is reuse now';
}

function short(userAgent) {
  const found = /(Firefox|Edg|Chrome|Safari|Thief)\/\d+/.exec(userAgent ?? '');
  return found === null ? 'unknown browser' : found[0];
}
