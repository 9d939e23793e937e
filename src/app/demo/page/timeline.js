import { $, element } from './elements.js';

const MOST_ROWS = 200;

/** One row for a request: what was asked, and how it was answered. */
export function addRequest({ method, path, status, code, ms, curl }) {
  const copy = element('button', { type: 'button', title: 'Copy this request as curl' }, 'curl');
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(curl);
    copy.textContent = 'copied';
  });
  const outcome = element(
    'span',
    { className: tone(status) },
    `${status || 'no answer'} ${code ?? ''}`,
  );
  addRow('', element('span', {}, `${method} ${path} → `, outcome, ` ${ms} ms`), copy);
}

/** One row for what the server says happened. */
export function addEvent(text, className = '') {
  addRow('event-row', element('span', { className }, `server: ${text}`), '');
}

function addRow(className, what, action) {
  const rows = $('timeline');
  const now = new Date();
  const time = `${now.toLocaleTimeString('en-GB')}.${String(now.getMilliseconds()).padStart(3, '0')}`;
  rows.prepend(element('li', { className }, element('time', {}, time.slice(0, 12)), what, action));
  while (rows.children.length > MOST_ROWS) rows.lastElementChild.remove();
}

function tone(status) {
  if (status >= 200 && status < 300) return 'good';
  return status === 401 ? 'warn' : 'bad';
}
