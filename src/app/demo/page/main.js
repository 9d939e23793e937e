import { prepareCopyButtons } from './copy-buttons.js';
import { showDevices, prepareDevices } from './devices.js';
import { $, keepingFocus } from './elements.js';
import { clearFamily, ended, replayed, reused, rotated, startFamily } from './family.js';
import { enableFaults, prepareFaults } from './faults.js';
import { mayHaveSession, rememberSession } from './known-session.js';
import { beginLeeway } from './leeway.js';
import { madeUpAccount, rememberAccount, replaceAccount, showAccount } from './made-up-account.js';
import { setToken, startRing } from './ring.js';
import { BASE, claimsOf, client, current, pull } from './session.js';
import { prepareStory } from './story.js';
import {
  prepareTheft,
  theftIsFound,
  theftSawReplay,
  theftSawRotation,
  victimIsSignedIn,
} from './theft.js';
import { addEvent } from './timeline.js';

let refreshesSeen = 0;
let hasAllResponses = false;
let quiet;
let isBursting = false;

listenToServer();
prepareStory();
prepareCopyButtons();
prepareSession();
prepareBurst();
prepareTheft();
prepareDevices();
startRing();
await prepareFaults();
client.subscribe(show);
show(mayHaveSession() ? await client.ready() : { status: 'anonymous', reason: 'refresh_missing' });

function prepareSession() {
  showAccount();
  $('make-account').addEventListener('click', useMadeUpAccount);
  $('login').addEventListener('submit', (event) => {
    event.preventDefault();
    enter('login', Object.fromEntries(new FormData($('login'))));
  });
  $('call').addEventListener('click', () => client.fetch(`${BASE}/me`).catch(() => {}));
  $('logout').addEventListener('click', () => client.logout().catch(showError));
}

async function useMadeUpAccount() {
  const { username, password, isRegistered } = madeUpAccount();
  const code = await enter(isRegistered ? 'login' : 'register', { username, password });
  if (code === null) rememberAccount();
  // By the lines for curl.
  else if (code === 'username_taken') {
    rememberAccount();
    await useMadeUpAccount();
  } else if (code === 'invalid_credentials') {
    replaceAccount();
    showError({ message: 'This server doesn’t know that account any more. Here is another.' });
  }
}

/** @returns the code of the error, or null */
async function enter(how, credentials) {
  try {
    await client[how](credentials);
    startFamily(0);
    return null;
  } catch (error) {
    showError(error);
    return error.code;
  }
}

function showError(error) {
  $('state').className = 'state bad';
  $('state').textContent = error.message;
}

/** Draws whatever state the client is in; the only place that does. */
async function show(state) {
  rememberSession(state);
  const isIn = state.status === 'authenticated' || state.status === 'stale';
  keepingFocus(() => {
    $('signed-out').hidden = isIn;
    $('signed-in').hidden = !isIn;
    for (const id of ['fire', 'reload-devices', 'logout-everywhere']) $(id).disabled = !isIn;
    enableFaults(isIn);
    victimIsSignedIn(isIn);
  });
  const isQuiet = isIn || ['refresh_missing', 'logout'].includes(state.reason);
  $('state').className = isQuiet && state.status !== 'stale' ? 'state' : 'state bad';
  $('family-empty').textContent = isIn
    ? 'You were signed in before this page was opened: the chain begins with the next refresh.'
    : 'Sign in: each refresh token gets a dot.';
  $('state').textContent = {
    unknown: 'The server can’t be reached.',
    authenticated: 'Signed in.',
    stale: 'Still signed in; the last refresh failed for now and is tried again.',
    anonymous: reasonOf(state.reason),
  }[state.status];
  $('readable-cookie').textContent = JSON.stringify(document.cookie);
  if (!isIn) {
    ended();
    setToken(null);
    await showDevices();
    return;
  }
  if (state.status !== 'authenticated') return;
  const token = await client.getToken().catch(() => null);
  if (token === null) return;
  setToken(token);
  const { sid: sessionId, sub: userId } = claimsOf(token);
  if (sessionId === current.sessionId) return;
  Object.assign(current, { sessionId, userId, endedBy: null });
  const me = await client.fetch(`${BASE}/me`).catch(() => null);
  if (me?.ok) $('who').textContent = (await me.json()).username;
  await showDevices();
}

function reasonOf(reason) {
  return (
    {
      refresh_missing: 'Not signed in.',
      logout: 'Signed out.',
      session_revoked:
        current.endedBy === 'reuse'
          ? 'Signed out: a copy of your refresh token was used.'
          : 'Signed out: this session was ended.',
      refresh_reused: 'Signed out: a copy of your refresh token was used.',
    }[reason] ?? `Signed out (${reason}).`
  );
}

function prepareBurst() {
  $('fire').addEventListener('click', async () => {
    const token = await client.getToken().catch(() => null);
    if (token === null) return;
    await pull('expire', {}, { authorization: `Bearer ${token}` });
    refreshesSeen = 0;
    isBursting = true;
    hasAllResponses = false;
    clearTimeout(quiet);
    showRefreshes();
    $('answers').textContent = '0';
    let successes = 0;
    await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await client.fetch(`${BASE}/me`).catch(() => null);
        if (response?.ok) $('answers').textContent = String((successes += 1));
      }),
    );
    hasAllResponses = true;
    endBurst();
  });
}

/** Shows the events of the server's listener, for this page's session. */
function listenToServer() {
  new EventSource('/demo/audit').addEventListener('message', ({ data }) => {
    const event = JSON.parse(data);
    const isOfAll = event.sessionId === null && event.userId === current.userId;
    if (event.sessionId === current.sessionId || isOfAll) showEvent(event);
  });
}

async function showEvent(event) {
  switch (event.type) {
    case 'rotated':
      beginLeeway();
      rotated(event.generation);
      theftSawRotation(event);
      countRefresh();
      addEvent(`rotated, generation ${event.generation} → ${event.generation + 1}`);
      setToken(await client.getToken().catch(() => null));
      break;
    case 'renewed':
      countRefresh();
      addEvent(
        `current token, renewed: rotated less than one leeway ago, so a new access token and no rotation`,
      );
      break;
    case 'replayed':
      replayed(event.generation);
      theftSawReplay(event);
      countRefresh();
      addEvent(`replayed, generation ${event.generation} got the same successor again`, 'warn');
      break;
    case 'reuse_detected':
      theftIsFound(event);
      reused(event.generation);
      addEvent(`REUSE DETECTED of generation ${event.generation}`, 'bad');
      break;
    case 'session_revoked':
      current.endedBy = event.reason;
      addEvent(`session revoked: ${event.reason}`, 'bad');
      await client.fetch(`${BASE}/me`).catch(() => {});
      break;
    default:
      addEvent(event.type);
  }
}

function countRefresh() {
  if (!isBursting) return;
  refreshesSeen += 1;
  showRefreshes();
  endBurst();
}

/** The server's events come by a separate stream, after the responses: first that of the refresh, maybe others. */
function endBurst() {
  if (!hasAllResponses || refreshesSeen === 0) return;
  quiet = setTimeout(() => {
    isBursting = false;
  }, 300);
}

function showRefreshes() {
  $('refreshes').textContent = String(refreshesSeen);
  $('refreshes-unit').textContent = refreshesSeen === 1 ? 'refresh' : 'refreshes';
}

addEventListener('pagehide', clearFamily);
