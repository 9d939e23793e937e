import { setTimeout as pause } from 'node:timers/promises';
import { ConflictException, ServiceUnavailableException } from '@nestjs/common';
import { DEMO_LEEWAY_MS } from '../demo-settings.js';
import { PlayedBrowser, type PlayedSite } from '../played-browser.js';
import { Side, type Credentials, type ShownRequest } from './side.js';
import { afterSigningIn, STEPS } from './traffic.js';

/** What a step did to a side. */
interface SideOutcome {
  requests: ShownRequest[];
  isSignedIn: boolean;
}

export interface StepOutcome {
  step: string;
  isLast: boolean;
  ours: SideOutcome;
  ordinary: SideOutcome;
}

/** The same traffic on a session of the module, and on one with ordinary rotation, step by step. */
export class Story {
  readonly #user: Credentials;
  readonly #ours: Side;
  readonly #ordinary: Side;
  readonly #ended = new AbortController();
  #running: Promise<unknown> = Promise.resolve();
  #stepsPlayed = 0;
  #lastStepAt = -Infinity;

  constructor(sites: Record<'ours' | 'ordinary', PlayedSite>, user: Credentials) {
    this.#user = user;
    this.#ours = new Side((name) => new PlayedBrowser(sites.ours, name));
    this.#ordinary = new Side((name) => new PlayedBrowser(sites.ordinary, name));
  }

  /** Plays the next step. One that is asked for earlier than it may happen waits. */
  next(): Promise<StepOutcome> {
    const step = this.#running.then(() => this.#playNext());
    this.#running = step.catch(() => {});
    return step;
  }

  /** Signs out on both sides, after a step that is under way. */
  async end(): Promise<void> {
    this.#ended.abort();
    await this.#running;
    await Promise.all([this.#ours, this.#ordinary].map(({ tab1 }) => tab1.post('logout')));
  }

  async #playNext(): Promise<StepOutcome> {
    const step = STEPS[this.#stepsPlayed];
    if (step?.isAfterLeeway) await this.#leewayEnd();
    if (step === undefined || this.#ended.signal.aborted) {
      throw new ConflictException('This story has ended.');
    }
    this.#stepsPlayed += 1;
    const traffic = afterSigningIn(step.traffic, this.#user);
    const play = async (side: Side) => {
      const requests = await side.play(traffic);
      return { requests, isSignedIn: side.isSignedIn };
    };
    const [ours, ordinary] = await Promise.all([play(this.#ours), play(this.#ordinary)]);
    this.#lastStepAt = Date.now();
    refuseFailures([...ours.requests, ...ordinary.requests]);
    return {
      step: step.name,
      isLast: this.#stepsPlayed === STEPS.length,
      ours,
      ordinary,
    };
  }

  async #leewayEnd(): Promise<void> {
    const { signal } = this.#ended;
    while (!signal.aborted) {
      const left = this.#lastStepAt + DEMO_LEEWAY_MS - Date.now();
      if (left <= 0) return;
      await pause(left, undefined, { signal }).catch(() => {});
    }
  }
}

/** A server that fails is another story. */
function refuseFailures(requests: ShownRequest[]): void {
  const failure = requests.find(({ status }) => status >= 500);
  if (failure === undefined) return;
  throw new ServiceUnavailableException(
    `The server responded ${failure.status} ${failure.code ?? ''}. If the switch “Server responds 503” is on, switch it off.`,
  );
}
