import { $, element } from './elements.js';

const MOST_ROWS = 200;
/** Equal responses that come within this time of each other share a row. */
const TOGETHER_MS = 1000;

const groups = new Map();
let refreshes = 0;

/** How many refreshes there have been. */
export const refreshesSoFar = () => refreshes;

/**
 * One row for a request and its response. Twenty equal ones are one row, except for refreshes.
 * @param after how many refreshes there had been when it was sent
 */
export function addRequest({ method, path, status, code, ms, curl, after }) {
  const isRefresh = path.endsWith('/refresh');
  if (isRefresh) refreshes += 1;
  const key = `${method} ${path} ${status} ${code} ${after}`;
  const now = performance.now();
  const group = groups.get(key);
  if (!isRefresh && group !== undefined && now - group.at < TOGETHER_MS) {
    Object.assign(group, { at: now, count: group.count + 1, ms: Math.max(group.ms, ms) });
    group.times.textContent = `${group.count} × `;
    group.took.textContent = ` up to ${group.ms} ms`;
    return;
  }
  const times = element('b', {}, '');
  const took = element('span', {}, ` ${ms} ms`);
  groups.set(key, { at: now, count: 1, ms, times, took });
  const outcome = element(
    'span',
    { className: tone(status) },
    `${status || 'no response'} ${code ?? ''}`.trim(),
  );
  const what = element('span', {}, times, `${method} ${path} → `, outcome, took);
  addRow(isRefresh ? 'refresh-row' : '', what, curlButton(curl));
}

/** One row for an event of the server. */
export function addEvent(text, className = '') {
  addRow('event-row', element('span', { className }, `server: ${text}`), '');
}

function curlButton(curl) {
  const button = element('button', { type: 'button', title: 'Copy this request as curl' }, 'curl');
  button.addEventListener('click', async () => {
    const done = await navigator.clipboard.writeText(curl).then(
      () => 'copied',
      () => 'refused',
    );
    button.textContent = done;
  });
  return button;
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
