import { browserName } from './browser-name.js';
import { $, element, keepingFocus } from './elements.js';
import { BASE, client } from './session.js';

/** The list of sessions, each with a way to end it. */
export function prepareDevices() {
  $('reload-devices').addEventListener('click', showDevices);
  $('logout-everywhere').addEventListener('click', () =>
    client.logout({ everywhere: true }).catch(() => {}),
  );
}

export async function showDevices() {
  if (client.getState().status !== 'authenticated') {
    keepingFocus(() => $('devices').replaceChildren());
    return;
  }
  const response = await client.fetch(`${BASE}/sessions`).catch(() => null);
  if (!response?.ok) return;
  const sessions = await response.json();
  keepingFocus(() => $('devices').replaceChildren(...sessions.map(row)));
}

function row({ id, ip, userAgent, lastUsedAt, current }) {
  const revoke = element('button', { type: 'button' }, current ? 'Revoke this one' : 'Revoke');
  revoke.setAttribute('aria-label', `${revoke.textContent}: session ${id.slice(0, 8)}`);
  revoke.addEventListener('click', async () => {
    await client.fetch(`${BASE}/sessions/${id}`, { method: 'DELETE' }).catch(() => {});
    await showDevices();
  });
  const when = new Date(lastUsedAt).toLocaleTimeString('en-GB');
  const about = element('small', {}, ` ${browserName(userAgent)}, ${ip}, last refresh ${when}`);
  const name = element('b', {}, current ? 'This browser' : `Session ${id.slice(0, 8)}`);
  return element('li', {}, element('span', {}, name, about), revoke);
}
