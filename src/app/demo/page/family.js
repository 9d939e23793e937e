import { $, element } from './elements.js';

/** The newest dots that are shown. */
const MOST_DOTS = 24;

let dots = [];

/** Starts a new family at a generation, `current` unless it is known otherwise. */
export function startFamily(generation) {
  dots = [{ generation, state: 'current' }];
  draw();
}

export function clearFamily() {
  dots = [];
  draw();
}

/** The token of a generation was traded for its successor. */
export function rotated(generation) {
  mark(generation, 'superseded');
  dots.push({ generation: generation + 1, state: 'current' });
  draw();
}

export function replayed(generation) {
  mark(generation, 'replayed');
  draw();
}

/** The session ended: nothing of it is good for anything any more. */
export function revoked() {
  for (const dot of dots) dot.state = 'ended';
  draw();
}

/** The superseded token that gave a copy away. */
export function reused(generation) {
  mark(generation, 'revoked');
  draw();
}

function mark(generation, state) {
  const dot = dots.find((candidate) => candidate.generation === generation);
  if (dot === undefined) dots.push({ generation, state });
  else dot.state = state;
}

function draw() {
  $('family-empty').hidden = dots.length > 0;
  $('family').replaceChildren(
    ...dots
      .slice(-MOST_DOTS)
      .map(({ generation, state }) =>
        element(
          'li',
          {},
          element(
            'i',
            { className: `dot ${state}`, title: `generation ${generation}: ${state}` },
            `${generation}`,
          ),
        ),
      ),
  );
}
