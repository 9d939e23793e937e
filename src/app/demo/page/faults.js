import { $ } from './elements.js';
import { client, pull } from './session.js';
import { network } from './traced-fetch.js';

const TWO_HOURS = 2 * 60 * 60 * 1000;
const SWITCHES = ['lose', 'down', 'offline', 'skew'];

const rightNow = Date.now.bind(Date);

/** What can fail, and the sentence that says that nobody was signed out. */
export function prepareFaults() {
  $('lose').addEventListener('click', async () => {
    await pull('lose-next-answer');
    await tryRefresh(
      'The answer was lost after the server had rotated; the same token again got the same successor',
    );
  });
  $('down').addEventListener('change', async ({ target }) => {
    await pull('down', { isDown: target.checked });
    await tryRefresh(target.checked ? 'The server answers 503' : 'The server answers again');
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
}

export function enableFaults(isEnabled) {
  for (const id of SWITCHES) $(id).disabled = !isEnabled;
}

async function tryRefresh(what) {
  $('fault-verdict').textContent = `${what} …`;
  await Promise.race([
    client.refresh().catch(() => {}),
    new Promise((resolve) => {
      setTimeout(resolve, 3000);
    }),
  ]);
  const { status } = client.getState();
  const isIn = status === 'authenticated' || status === 'stale';
  $('fault-verdict').className = isIn ? 'verdict' : 'verdict bad';
  $('fault-verdict').textContent = `${what}: ${isIn ? 'still signed in' : 'signed out'}.`;
}
