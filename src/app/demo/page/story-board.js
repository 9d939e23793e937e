import { $, element } from './elements.js';

const SIDES = ['ours', 'ordinary'];
const REUSED = new Set(['refresh_reused', 'token_reused']);

/** How often each side has signed its user out, and how often without a thief. */
let signOuts;

export function clearBoard() {
  signOuts = { ours: { all: 0, false: 0 }, ordinary: { all: 0, false: 0 } };
  for (const side of document.querySelectorAll('.board .side')) {
    side.className = side.classList.contains('ours') ? 'side ours' : 'side ordinary';
    side.replaceChildren();
  }
  for (const side of SIDES) showNow(side, '', '');
}

/** Draws what a step did to both sides, into its row. */
export function drawStep({ row }, outcome) {
  for (const side of SIDES) drawSide(side, row, outcome[side]);
  if (row === undefined) return;
  const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
  $(row).scrollIntoView({ block: 'nearest', behavior: isStill ? 'instant' : 'smooth' });
}

/** What became of both, in words. */
export function verdictOnBoth() {
  const { ours, ordinary } = signOuts;
  return [
    `nestjs-refresh-auth signed its user out ${times(ours.all)}, ${times(ours.false)} without a thief.`,
    `Ordinary rotation did so ${times(ordinary.all)}, ${times(ordinary.false)} without a thief.`,
    ours.all > ours.false && ordinary.all > ordinary.false ? 'Both found the theft.' : '',
  ].join(' ');
}

/** Which sides have signed the user out, so that the next step begins with a sign-in. */
export function signedOutSides(outcome) {
  if (outcome === null) return '';
  const out = SIDES.filter((side) => !outcome[side].isSignedIn);
  if (out.length === 0) return '';
  if (out.length === 2) return 'On both sides the user signs in again. ';
  return `On the ${out[0] === 'ours' ? 'left' : 'right'}, the user has to sign in again first. `;
}

function drawSide(side, row, { requests, isSignedIn }) {
  const isTheft = requests.some(({ who }) => who === 'Thief');
  if (isSignedIn) showNow(side, 'good', 'signed in');
  else {
    signOuts[side].all += 1;
    if (!isTheft) signOuts[side].false += 1;
    showNow(side, 'bad', `signed out by ${isTheft ? 'the theft' : $(row).dataset.cause}`);
  }
  if (row === undefined) return;
  const box = document.querySelector(`#${row} .${side}`);
  const verdict = wordsFor(isSignedIn, isTheft);
  box.className = `side ${side} ${isSignedIn || isTheft ? 'good' : 'bad'}`;
  const kept = [...box.querySelectorAll('.requests > li')];
  box.replaceChildren(
    element(
      'p',
      { className: 'for-readers' },
      side === 'ours' ? 'nestjs-refresh-auth: ' : 'Ordinary rotation: ',
    ),
    element('p', { className: 'outcome' }, verdict),
    element('p', { className: 'reason' }, reasonOf(requests)),
    element('ul', { className: 'requests' }, ...kept, ...requests.map(requestLine)),
  );
}

function wordsFor(isSignedIn, isTheft) {
  if (isSignedIn) return 'Still signed in';
  return isTheft ? 'Thief found, session ended' : 'Signed out';
}

/** Why it ended so. Read from the responses, so it can't say anything that didn't happen. */
function reasonOf(requests) {
  const reused = requests.find(({ code }) => REUSED.has(code));
  if (reused) {
    return reused.who === 'Thief'
      ? `The thief sent ${reused.sent}, which the owner had used. The owner signs in again; the thief can’t.`
      : `${reused.sent} came again, which is taken for theft.`;
  }
  const answered = requests.filter(({ route, received }) => route === 'refresh' && received);
  const [first, second] = answered;
  if (second && first.received === second.received) {
    return `Both tabs got the same successor, ${first.received}.`;
  }
  if (requests.some(({ status }) => status === 0)) {
    return `${first?.sent} came again and got its successor, ${first?.received}.`;
  }
  return first ? `The thief holds ${first.sent}; the owner now holds ${first.received}.` : '';
}

function requestLine({ who, route, sent, status, code, received }) {
  const isGood = status >= 200 && status < 300;
  if (route === 'login') return element('li', {}, `signs in → ${received}`);
  let answer = 'no response';
  if (isGood) answer = received ?? `keeps ${sent}`;
  else if (status !== 0) answer = `${status} ${code}`;
  return element(
    'li',
    { className: isGood || status === 0 ? '' : 'bad' },
    `${who}: ${sent} → ${answer}`,
  );
}

function showNow(side, tone, text) {
  Object.assign($(`${side}-now`), { className: `pill ${tone}`, textContent: text });
}

function times(count) {
  return ['never', 'once', 'twice', 'three times'][count] ?? `${count} times`;
}
