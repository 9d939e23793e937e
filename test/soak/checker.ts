import { cookieSetBy, type HttpResponse } from '../harness/http-client.js';
import type { Figures } from './figures.js';

/** Without HTTPS the reference app leaves the prefix out. */
export const COOKIE = 'refresh_token';

/** A refresh token on its way, with the state when it was sent. */
export interface Question {
  token: string;
  wasDead: boolean;
  wasSuperseded: boolean;
}

interface KnownSession {
  newest: string;
  /** The session is about to end: from now on a refusal is right. */
  isEnding: boolean;
  /** A response has confirmed the end: from now on a success is wrong. */
  isDead: boolean;
}

/** Reads every response to a refresh, from any client, and finds the wrong ones. */
export class Checker {
  readonly #sessions = new Map<string, KnownSession>();
  /** The successor of each presented token. */
  readonly #successors = new Map<string, { token: string; seenAt: number }>();

  constructor(
    private readonly figures: Figures,
    private readonly now: () => number,
  ) {}

  question(token: string): Question {
    return {
      token,
      wasDead: this.#session(token).isDead,
      wasSuperseded: this.#successors.has(token),
    };
  }

  hear(call: Question, response: HttpResponse): void {
    if (response.status === 200) this.#succeeded(call, cookieSetBy(response, COOKIE));
    else if (response.status === 401) this.#refused(call, response.body.code);
    else this.surprise('refresh', response);
  }

  surprise(what: string, { status, body }: HttpResponse): void {
    this.figures.surprises.push(`${what}: ${status} ${JSON.stringify(body)}`);
  }

  /** The session of a token is about to be ended, by a logout or because a theft will show. */
  expectEnd(token: string): void {
    this.#session(token).isEnding = true;
  }

  /** A response has confirmed that the session of a token has ended. */
  confirmEnd(token: string): void {
    this.#session(token).isDead = true;
  }

  isEnding(token: string): boolean {
    return this.#session(token).isEnding;
  }

  /** The latest token of the same session that any client received. */
  newestOf(token: string): string {
    return this.#session(token).newest;
  }

  /** When the successor of a token was first seen, by the clocks of the apps; null before. */
  supersededAt(token: string): number | null {
    return this.#successors.get(token)?.seenAt ?? null;
  }

  #succeeded({ token, wasDead, wasSuperseded }: Question, successor: string | null): void {
    const name = nameOf(token);
    if (wasDead) this.figures.undead.push(`${name} was accepted although its session had ended`);
    if (successor === null) {
      this.figures.renewals += 1;
      if (wasSuperseded) this.figures.forks.push(`${name} passed for current after its successor`);
      return;
    }
    const first = this.#successors.get(token);
    if (first !== undefined) {
      this.figures.replays += 1;
      if (first.token !== successor) this.figures.forks.push(`${name} has two successors`);
      return;
    }
    this.figures.rotations += 1;
    const [before, after] = [contentOf(token), contentOf(successor)];
    if (after.sid !== before.sid || after.gen !== before.gen + 1) {
      this.figures.forks.push(`${name} was followed by ${nameOf(successor)}`);
    }
    this.#successors.set(token, { token: successor, seenAt: this.now() });
    const session = this.#session(token);
    if (contentOf(session.newest).gen < after.gen) session.newest = successor;
  }

  #refused({ token }: Question, code: string): void {
    if (this.#session(token).isEnding) this.figures.refused += 1;
    else this.figures.falseLogouts.push(`${nameOf(token)} was refused: ${code}`);
  }

  #session(token: string): KnownSession {
    const { sid } = contentOf(token);
    let session = this.#sessions.get(sid);
    if (session === undefined) {
      session = { newest: token, isEnding: false, isDead: false };
      this.#sessions.set(sid, session);
    }
    return session;
  }
}

function contentOf(token: string): { sid: string; gen: number } {
  const payload = Buffer.from(token.split('.')[1]!, 'base64url').toString();
  return JSON.parse(payload) as { sid: string; gen: number };
}

function nameOf(token: string): string {
  const { sid, gen } = contentOf(token);
  return `generation ${gen} of session ${sid.slice(0, 8)}`;
}
