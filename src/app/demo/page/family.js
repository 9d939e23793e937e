import { $, element } from './elements.js';

/** The newest dots that are shown. */
const MOST_DOTS = 24;

let dots = [];

/** Starts a new family at a generation, which is the current one. */
export function startFamily(generation) {
  dots = [{ generation, state: 'current' }];
  draw(`Signed in with generation ${generation}.`);
}

export function clearFamily() {
  dots = [];
  draw('');
}

/** A refresh replaced the token of a generation by its successor. */
export function rotated(generation) {
  mark(generation, 'superseded');
  dots.push({ generation: generation + 1, state: 'current' });
  draw(`Generation ${generation} was used; ${generation + 1} is current.`);
}

export function replayed(generation) {
  mark(generation, 'replayed');
  draw(`Generation ${generation} came again within the leeway, and got the same successor.`);
}

/** The session ended: none of its tokens works any more. */
export function ended() {
  if (dots.length === 0 || dots.some(({ state }) => state === 'reused')) return;
  for (const dot of dots) dot.state = 'ended';
  draw('The session has ended: no generation works any more.');
}

/** A superseded token came again, which revealed a copy. */
export function reused(generation) {
  for (const dot of dots) dot.state = 'ended';
  mark(generation, 'reused');
  draw(`Generation ${generation} came again after its leeway: the whole family has ended.`);
}

function mark(generation, state) {
  const dot = dots.find((candidate) => candidate.generation === generation);
  if (dot === undefined) dots.push({ generation, state });
  else dot.state = state;
}

function draw(what) {
  $('family-empty').hidden = dots.length > 0;
  $('family-now').textContent = what;
  $('family').replaceChildren(
    ...dots.slice(-MOST_DOTS).map(({ generation, state }) => {
      const word = element('span', { className: 'for-readers' }, `: ${state}`);
      return element('li', {}, element('i', { className: `dot ${state}` }, `${generation}`, word));
    }),
  );
}
