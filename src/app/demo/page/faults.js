import { $ } from './elements.js';
import { leewayEnd } from './leeway.js';
import { client, pull } from './session.js';
import { network } from './traced-fetch.js';

const TWO_HOURS = 2 * 60 * 60 * 1000;
const SWITCHES = ['lose', 'down', 'offline', 'skew'];

const rightNow = Date.now.bind(Date);

/** The switches for faults, and the sentence that nobody was signed out. */
export async function prepareFaults() {
  $('lose').addEventListener('click', async () => {
    verdict('verdict', 'Waiting until the next refresh rotates …');
    await leewayEnd();
    await pull('lose-next-answer');
    await tryRefresh(
      'The response was lost after the server had rotated; the same token again got the same successor',
    );
  });
  $('down').addEventListener('change', async ({ target }) => {
    await pull('down', { isDown: target.checked });
    await tryRefresh(target.checked ? 'The server responds 503' : 'The server works again');
  });
  $('offline').addEventListener('change', async ({ target }) => {
    network.isOffline = target.checked;
    if (!target.checked) globalThis.dispatchEvent(new Event('online'));
    await tryRefresh(target.checked ? 'No network' : 'Back online');
  });
  $('skew').addEventListener('change', async ({ target }) => {
    Date.now = target.checked ? () => rightNow() + TWO_HOURS : rightNow;
    await tryRefresh(
      target.checked ? 'Your clock is two hours ahead' : 'Your clock is right again',
    );
  });
  // Somebody may have left the server in that state, and reloaded the page.
  const response = await fetch('/demo/down');
  $('down').checked = (await response.json()).isDown;
}

/** A fault that is on can always be switched off. */
export function enableFaults(isSignedIn) {
  for (const id of SWITCHES) $(id).disabled = !isSignedIn && !$(id).checked;
  if (!isSignedIn) verdict('verdict', '');
}

async function tryRefresh(what) {
  verdict('verdict', `${what} …`);
  await Promise.race([
    client.refresh().catch(() => {}),
    new Promise((resolve) => {
      setTimeout(resolve, 3000);
    }),
  ]);
  const { status } = client.getState();
  const isIn = status === 'authenticated' || status === 'stale';
  verdict(isIn ? 'verdict' : 'verdict bad', `${what}: ${isIn ? 'still signed in' : 'signed out'}.`);
}

function verdict(className, text) {
  Object.assign($('fault-verdict'), { className, textContent: text });
}
