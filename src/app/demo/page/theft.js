import { browserName } from './browser-name.js';
import { $, keepingFocus } from './elements.js';
import { leewayLeftMs, leewayOver } from './leeway.js';
import { client, current, pull } from './session.js';
import { addEvent } from './timeline.js';

let thief = null;
/** The session that the thief's copy is of. */
let stolenSession = null;
/** Whether a refresh after the theft has rotated the session, so that one of the two holds an old token. */
let isSplit = false;

/** The two people, the copied cookie, and who is found out. */
export function prepareTheft() {
  $('steal').addEventListener('click', steal);
  $('victim-refresh').addEventListener('click', () => client.refresh().catch(() => {}));
  $('thief-refresh').addEventListener('click', thiefRefreshes);
  setInterval(showNextStep, 250);
}

export function victimIsSignedIn(isSignedIn) {
  for (const id of ['steal', 'victim-refresh']) $(id).disabled = !isSignedIn;
  if (isSignedIn && !isSplit) say('victim', 'good', 'Holds the current token.');
  if (!isSignedIn) isSplit = false;
  if (!isSignedIn && $('victim').className !== 'person caught') say('victim', '', 'Not signed in.');
}

/** The session rotated: whoever holds the predecessor is within the leeway from now on. */
export function theftSawRotation({ userAgent }) {
  if (!isUnderway()) return;
  isSplit = true;
  const [ahead, behind] = isThief(userAgent) ? ['thief', 'victim'] : ['victim', 'thief'];
  say(ahead, 'good', 'Traded the token in and holds its successor, the current one.');
  say(behind, '', 'Holds the old token, which was traded in by the other.');
}

/** The other one came within the leeway. */
export function theftSawReplay({ userAgent }) {
  if (!isUnderway()) return;
  isSplit = false;
  const who = isThief(userAgent) ? 'thief' : 'victim';
  say(who, 'good', 'Came within the leeway, and was given the same successor. Both hold it now.');
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
    say(
      'thief',
      'caught',
      'Found out, with a token that had been traded in. The copy is worthless.',
    );
    say(
      'victim',
      'caught',
      'Signed out too: the server can’t tell whose copy is the stolen one, so it ended the session. Only you know the password to sign in again.',
    );
  } else {
    say('thief', 'caught', 'Shut out: what the thief had got is worthless now.');
    say(
      'victim',
      'caught',
      'Came with a token that somebody else had traded in, so the server ended the session for both. Only you know the password to sign in again.',
    );
  }
  $('theft-event').textContent =
    `In the audit log: reuse_detected. Generation ${generation} came from ${browserName(userAgent)} at ${ip}, ` +
    `but it had been traded in: ${currentGeneration} was current, held by ${browserName(lastRefresh.userAgent)} at ${lastRefresh.ip}.`;
}

async function steal() {
  const { activeElement } = document;
  $('steal').disabled = true;
  say('thief', '', 'Waits for a token that the next refresh will trade in …');
  await leewayOver();
  const isSignedIn = client.getState().status === 'authenticated';
  $('steal').disabled = !isSignedIn;
  if (!isSignedIn) {
    say('thief', '', 'Holds nothing.');
    return;
  }
  stolenSession = current.sessionId;
  ({ thief } = await pull('steal'));
  isSplit = false;
  $('theft-event').textContent = '';
  say('victim', 'good', 'Holds the current token.');
  say('thief', 'good', 'Holds a copy of the current token.');
  $('thief-refresh').disabled = false;
  if (activeElement === $('steal')) $('victim-refresh').focus();
}

async function thiefRefreshes() {
  const { status, code } = await pull(`thieves/${thief}/refresh`);
  addEvent(
    `the thief’s POST refresh was answered ${status} ${code ?? ''}`,
    status === 200 ? 'warn' : 'bad',
  );
  if (status !== 200 && isUnderway() && code !== 'refresh_reused') {
    say('thief', 'caught', 'Shut out: the session had ended already.');
  }
}

function isUnderway() {
  return stolenSession !== null && stolenSession === current.sessionId;
}

function say(id, how, text) {
  $(id).className = `person ${how}`.trim();
  $(`${id}-state`).textContent = text;
}

function showNextStep() {
  const left = Math.ceil(leewayLeftMs() / 1000);
  let text = '';
  if (!isUnderway() || $('victim-refresh').disabled) text = '';
  else if (isSplit && left > 0) text = `The old token is still answered for ${left} s.`;
  else if (isSplit) text = 'The leeway is over. Now let the other one refresh.';
  else if (left > 0) text = `The next refresh trades it in after ${left} s.`;
  else text = 'Now let one of them refresh.';
  if ($('leeway-left').textContent !== text) $('leeway-left').textContent = text;
}

function isThief(userAgent) {
  return userAgent?.startsWith('Thief') === true;
}
