import { $, element, keepingFocus } from './elements.js';
import { clearBoard, drawStep, signedOutSides, verdictOnBoth } from './story-board.js';
import { STEPS } from './story-steps.js';

/** To read what is going to happen, and then what has happened. “Next step” ends either. */
const BEFORE_MS = 2500;
const AFTER_MS = 5000;

/** The story that is played now. */
let playing = null;

export function prepareStory() {
  $('play').addEventListener('click', () => (playing === null ? play() : playing.abort()));
  addEventListener('pagehide', () => playing?.abort());
}

async function play() {
  const stop = new AbortController();
  const { signal } = stop;
  playing = stop;
  let story = null;
  clearBoard();
  showControls();
  try {
    say('Making up a user …');
    ({ story } = await call('POST', '', signal));
    let outcome = null;
    for (const step of STEPS) {
      say(`${signedOutSides(outcome)}${step.caption}`);
      await readingTime(BEFORE_MS, signal);
      $('story').classList.add('waits');
      outcome = await call('POST', `/${story}/next`, signal);
      $('story').classList.remove('waits');
      drawStep(step, outcome);
      await readingTime(AFTER_MS, signal);
    }
    say(verdictOnBoth());
  } catch (error) {
    if (signal.aborted) clearBoard();
    say(signal.aborted ? 'Stopped. It begins anew when you play it again.' : sentenceFor(error));
  } finally {
    playing = null;
    $('story').classList.remove('waits');
    showControls();
    // Also when the page is being left.
    if (story !== null) call('DELETE', `/${story}`, null, true).catch(() => {});
  }
}

async function call(method, path, signal, keepalive = false) {
  const response = await fetch(`/demo/stories${path}`, { method, signal, keepalive });
  if (response.status === 204) return null;
  const body = await response.json();
  if (!response.ok) throw new Refusal(body.message);
  return body;
}

/** What the server says about itself. */
class Refusal extends Error {}

function sentenceFor(error) {
  if (error instanceof Refusal) return `The story can’t go on. ${error.message}`;
  return 'The server can’t be reached. Start it with npm start, and play the story again.';
}

/** Rejects when the story is stopped. */
function readingTime(ms, signal) {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      $('next-step').removeEventListener('click', end);
      signal.removeEventListener('abort', end);
      if (signal.aborted) reject(signal.reason);
      else resolve();
    };
    const timer = setTimeout(end, ms);
    $('next-step').addEventListener('click', end);
    signal.addEventListener('abort', end);
  });
}

function say(text) {
  $('caption').replaceChildren(element('p', {}, text));
}

function showControls() {
  keepingFocus(() => {
    $('next-step').hidden = playing === null;
  });
  $('play').textContent = playing === null ? 'Play the story' : 'Stop the story';
}
