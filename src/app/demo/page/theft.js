import { browserName } from './browser-name.js';
import { $, keepingFocus } from './elements.js';
import { leewayEnd, leewayLeftMs } from './leeway.js';
import { client, current, pull } from './session.js';
import { addEvent } from './timeline.js';

let thief = null;
/** The session of the stolen token. */
let stolenSession = null;
/** Whether a refresh after the theft has rotated the session, so that one of the two holds an old token. */
let isSplit = false;

/** The two people, the copied cookie, and the detection. */
export function prepareTheft() {
  $('steal').addEventListener('click', steal);
  $('victim-refresh').addEventListener('click', () => client.refresh().catch(() => {}));
  $('thief-refresh').addEventListener('click', thiefRefreshes);
  setInterval(showNextStep, 250);
}

export function victimIsSignedIn(isSignedIn) {
  for (const id of ['steal', 'victim-refresh']) $(id).disabled = !isSignedIn;
  if (isSignedIn && !isSplit) show('victim', 'good', 'Holds the current token.');
  if (!isSignedIn) isSplit = false;
  if (!isSignedIn && $('victim').className !== 'person caught')
    show('victim', '', 'Not signed in.');
}

/** The session rotated: from now on the holder of the predecessor is within the leeway. */
export function theftSawRotation({ userAgent }) {
  if (!isUnderway()) return;
  isSplit = true;
  const [ahead, behind] = isThief(userAgent) ? ['thief', 'victim'] : ['victim', 'thief'];
  show(ahead, 'good', 'Has refreshed and holds the successor, the current token.');
  show(behind, '', 'Holds the old token, which the other one has used.');
}

/** The other one refreshed within the leeway. */
export function theftSawReplay({ userAgent }) {
  if (!isUnderway()) return;
  isSplit = false;
  const who = isThief(userAgent) ? 'thief' : 'victim';
  show(who, 'good', 'Refreshed within the leeway and got the same successor. Both hold it now.');
}

/** The server saw a superseded token, and ended the session for both. */
export function theftIsFound({ generation, currentGeneration, ip, userAgent, lastRefresh }) {
  if (!isUnderway()) return;
  stolenSession = null;
  isSplit = false;
  keepingFocus(() => {
    $('thief-refresh').disabled = true;
  });
  if (isThief(userAgent)) {
    show('thief', 'caught', 'Detected: the token had already been used. The copy is worthless.');
    show(
      'victim',
      'caught',
      'Signed out too: the server can’t know which copy is stolen, so it ended the session. Only you know the password to sign in again.',
    );
  } else {
    show('thief', 'caught', 'Shut out: the thief’s tokens are worthless now.');
    show(
      'victim',
      'caught',
      'Used a token that somebody else had already used, so the server ended the session for both. Only you know the password to sign in again.',
    );
  }
  $('theft-event').textContent =
    `In the audit log: reuse_detected. Generation ${generation} came from ${browserName(userAgent)} at ${ip}, ` +
    `but it had already been used: ${currentGeneration} was current, held by ${browserName(lastRefresh.userAgent)} at ${lastRefresh.ip}.`;
}

async function steal() {
  const { activeElement } = document;
  $('steal').disabled = true;
  show('thief', '', 'Waits until the next refresh rotates …');
  await leewayEnd();
  const isSignedIn = client.getState().status === 'authenticated';
  $('steal').disabled = !isSignedIn;
  if (!isSignedIn) {
    show('thief', '', 'Holds nothing.');
    return;
  }
  stolenSession = current.sessionId;
  ({ thief } = await pull('steal'));
  isSplit = false;
  $('theft-event').textContent = '';
  show('victim', 'good', 'Holds the current token.');
  show('thief', 'good', 'Holds a copy of the current token.');
  $('thief-refresh').disabled = false;
  if (activeElement === $('steal')) $('victim-refresh').focus();
}

async function thiefRefreshes() {
  const { status, code } = await pull(`thieves/${thief}/refresh`);
  addEvent(
    `response to the thief’s POST refresh: ${status} ${code ?? ''}`,
    status === 200 ? 'warn' : 'bad',
  );
  if (status !== 200 && isUnderway() && code !== 'refresh_reused') {
    show('thief', 'caught', 'Shut out: the session had ended already.');
  }
}

function isUnderway() {
  return stolenSession !== null && stolenSession === current.sessionId;
}

function show(id, how, text) {
  $(id).className = `person ${how}`.trim();
  $(`${id}-state`).textContent = text;
}

function showNextStep() {
  const left = Math.ceil(leewayLeftMs() / 1000);
  let text = '';
  if (!isUnderway() || $('victim-refresh').disabled) text = '';
  else if (isSplit && left > 0) text = `The old token still works for ${left} s.`;
  else if (isSplit) text = 'The leeway has ended. Now let the other one refresh.';
  else if (left > 0) text = `The next refresh rotates after ${left} s.`;
  else text = 'Now let one of them refresh.';
  if ($('leeway-left').textContent !== text) $('leeway-left').textContent = text;
}

function isThief(userAgent) {
  return userAgent?.startsWith('Thief') === true;
}
