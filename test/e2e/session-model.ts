import { createHash } from 'node:crypto';
import { cookieSetBy, type HttpResponse } from '../harness/http-client.js';
import { COOKIE } from '../harness/test-app.js';

/**
 * The rules of sessions, written a second time and as simply as possible, to compare the real code with: a session is
 * a list of tokens, the last is current, the others are superseded. No hashes, no rows, no SQL, and no code of `src`.
 * All times in milliseconds.
 */

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const ACCESS_LIFE = 15 * 60 * SECOND;
const IDLE_LIFE = 7 * DAY;
const ABSOLUTE_LIFE = 30 * DAY;

export interface TokenName {
  session: number;
  generation: number;
}

/** An access token: whose it is and when it expires. */
export interface Access {
  session: number;
  endsAt: number;
  bytes: string;
}

/** The parts of a response that a client sees. */
export interface Seen {
  status: number;
  code?: string | undefined;
  /** `untouched`, `cleared`, or the name of its new token. */
  cookie: string;
  /** Seconds. */
  maxAge?: number | undefined;
  /** The access token that came with it, and its life in seconds. */
  access?: { session: number; expiresIn: number } | undefined;
}

/** A choice of refresh token: of which session, and how many generations behind its newest. */
export interface Choice {
  ofAny: boolean;
  session: number;
  behind: number;
}

/** One of several requests sent at the same time. */
export interface Request {
  what: 'refresh' | 'logout';
  token: TokenName;
}

interface Token {
  issuedAt: number;
  expiresAt: number;
  supersededAt: number | null;
}

interface Session {
  user: string;
  absoluteEnd: number;
  tokens: Token[];
  endedAt: number | null;
  /** A login that came with its token replaced it; a late refresh must not clear the new cookie. */
  isReplaced: boolean;
  /** Purged: nothing is known of it any more. */
  isForgotten: boolean;
}

export class SessionModel {
  constructor(
    readonly leeway: number,
    readonly sessions: Session[] = [],
  ) {}

  copy(): SessionModel {
    return new SessionModel(this.leeway, structuredClone(this.sessions));
  }

  login(user: string, now: number, presented?: TokenName): Seen {
    if (presented !== undefined) this.#end(presented.session, now, true);
    const absoluteEnd = wholeSecondFrom(now + ABSOLUTE_LIFE);
    const fresh = { endedAt: null, isReplaced: false, isForgotten: false };
    const session = { user, absoluteEnd, tokens: [], ...fresh };
    this.sessions.push(session);
    this.#issue(session, now);
    return this.#tokensFor(this.sessions.length - 1, now, true);
  }

  refresh({ session: number, generation }: TokenName, now: number): Seen {
    const session = this.sessions[number]!;
    const token = session.tokens[generation]!;
    if (now >= session.absoluteEnd + this.leeway) return final('refresh_expired');
    if (session.isForgotten) {
      const isOutlived = now >= token.expiresAt + this.leeway;
      return isOutlived ? final('refresh_expired') : refused(401, 'refresh_invalid');
    }
    if (session.isReplaced) return refused(401, 'session_revoked');
    if (session.endedAt !== null) return final('session_revoked');
    if (now >= endOf(session)) return final('refresh_expired');

    if (token.supersededAt === null) {
      const isFirst = generation === 0;
      const isRecent = !isFirst && now - token.issuedAt < this.leeway;
      if (isRecent) return this.#tokensFor(number, now, false);
      token.supersededAt = now;
      this.#issue(session, now);
      return this.#tokensFor(number, now, true);
    }
    const successor = session.tokens[generation + 1]!;
    const isReplay = successor.supersededAt === null && now - token.supersededAt < this.leeway;
    if (isReplay) return this.#tokensFor(number, now, true);
    session.endedAt = now;
    return final('refresh_reused');
  }

  /**
   * The resulting state, if the responses to simultaneous requests are the same as if they came one after the other in
   * some order; else null.
   */
  explain(requests: Request[], seen: Seen[], now: number): SessionModel | null {
    for (const order of ordersOf([...requests.keys()])) {
      const model = this.copy();
      const reused = new Set<number>();
      const fits = order.every((i) =>
        model
          .#oneOfMany(requests[i]!, now, reused)
          .some((allowed) => inWords(allowed) === inWords(seen[i]!)),
      );
      if (fits) return model;
    }
    return null;
  }

  logout({ session }: TokenName, now: number): Seen {
    this.#end(session, now);
    return { status: 204, cookie: 'cleared' };
  }

  guard({ session, endsAt }: Access, now: number): Seen {
    if (now >= endsAt) return refused(401, 'token_expired');
    if (this.sessions[session]!.endedAt !== null) return refused(401, 'session_revoked');
    return { status: 200, cookie: 'untouched' };
  }

  logoutAll(access: Access, now: number): Seen {
    const entry = this.guard(access, now);
    if (entry.status !== 200) return entry;
    for (const session of this.#standingOfSameUser(access.session)) this.#end(session, now);
    return { status: 204, cookie: 'cleared' };
  }

  endSession(access: Access, target: number, now: number): Seen {
    const entry = this.guard(access, now);
    if (entry.status !== 200) return entry;
    const isOwn = this.#standingOfSameUser(access.session).includes(target);
    if (!isOwn) return refused(404, 'session_not_found');
    this.#end(target, now);
    return { status: 204, cookie: target === access.session ? 'cleared' : 'untouched' };
  }

  /** Returns how many; expired ones count too, because the clock may be wrong. */
  endEverything(now: number): number {
    const standing = this.#standing();
    for (const session of standing) this.#end(session, now);
    return standing.length;
  }

  live(now: number): number[] {
    return [...this.sessions.keys()].filter((number) => isLive(this.sessions[number]!, now));
  }

  /**
   * Records what the purge deleted. It may delete a session that has ended, with all its access tokens expired, and
   * must do so within two days, because the table doesn't grow with time.
   * @returns what was wrong about it, or null
   */
  forgetAllBut(left: number[], now: number): string | null {
    for (const [number, session] of this.sessions.entries()) {
      const { endedAt, absoluteEnd } = session;
      const isEnded = endedAt !== null && endedAt < endOf(session);
      const hasEnded = isEnded ? now >= endedAt + ACCESS_LIFE : now >= endOf(session);
      const endedLongAgo = now >= Math.min(endedAt ?? absoluteEnd, absoluteEnd) + 2 * DAY;
      session.isForgotten = !left.includes(number);
      if (session.isForgotten && !hasEnded) return `s${number} is gone too early`;
      if (!session.isForgotten && endedLongAgo) return `s${number} should be gone`;
    }
    return null;
  }

  /** The expected content of the table: one row per session, with the hash of one token. */
  rows() {
    return [...this.sessions.entries()].flatMap(([session, { tokens, ...rest }]) => {
      if (rest.isForgotten) return [];
      const generation = tokens.length - 1;
      const { issuedAt: rotatedAt, expiresAt } = tokens[generation]!;
      const current = nameOf({ session, generation });
      const times = { rotatedAt, expiresAt, absoluteExpiresAt: rest.absoluteEnd };
      return [{ session, current, generation, ...times, revokedAt: rest.endedAt }];
    });
  }

  /** A token of a live session if there is one, or of any session if that is wanted. */
  choose({ ofAny, session, behind }: Choice, now: number): TokenName {
    const live = ofAny ? [] : this.live(now);
    const among = live.length > 0 ? live : [...this.sessions.keys()];
    const chosen = among[session % among.length]!;
    const newest = this.sessions[chosen]!.tokens.length - 1;
    return { session: chosen, generation: Math.max(0, newest - behind) };
  }

  /** The moments at which something changes by itself. */
  moments(): number[] {
    return this.sessions.flatMap(({ absoluteEnd, tokens }) => [
      absoluteEnd,
      ...tokens.flatMap(({ issuedAt, expiresAt }) => [
        issuedAt + this.leeway,
        expiresAt,
        expiresAt + this.leeway,
      ]),
    ]);
  }

  /**
   * Detecting a reuse and ending the session are two steps, so several requests may each detect one before the first
   * has ended anything.
   * @param reused sessions in which another request has detected a reuse
   */
  #oneOfMany({ what, token }: Request, now: number, reused: Set<number>): Seen[] {
    if (what === 'logout') return [this.logout(token, now)];
    const response = this.refresh(token, now);
    if (response.code === 'refresh_reused') reused.add(token.session);
    if (response.code !== 'session_revoked' || !reused.has(token.session)) return [response];
    const before = this.copy();
    before.sessions[token.session]!.endedAt = null;
    const earlier = before.refresh(token, now);
    return earlier.code === 'refresh_reused' ? [response, earlier] : [response];
  }

  /** Neither ended nor purged, but perhaps expired. */
  #standing(): number[] {
    return [...this.sessions.keys()].filter((number) => isStanding(this.sessions[number]!));
  }

  #standingOfSameUser(number: number): number[] {
    const { user } = this.sessions[number]!;
    return this.#standing().filter((other) => this.sessions[other]!.user === user);
  }

  #issue(session: Session, now: number): void {
    const expiresAt = Math.min(wholeSecondFrom(now + IDLE_LIFE), session.absoluteEnd);
    session.tokens.push({ issuedAt: now, expiresAt, supersededAt: null });
  }

  #tokensFor(session: number, now: number, setsCookie: boolean): Seen {
    const { tokens } = this.sessions[session]!;
    const end = tokens.at(-1)!.expiresAt;
    const accessLife = Math.min(ACCESS_LIFE, end - Math.floor(now / SECOND) * SECOND);
    const cookie = nameOf({ session, generation: tokens.length - 1 });
    return {
      status: 200,
      ...(setsCookie
        ? { cookie, maxAge: Math.floor((end - now) / SECOND) }
        : { cookie: 'untouched' }),
      access: { session, expiresIn: accessLife / SECOND },
    };
  }

  #end(number: number, now: number, isReplaced = false): void {
    const session = this.sessions[number]!;
    if (isStanding(session)) Object.assign(session, { endedAt: now, isReplaced });
  }
}

/** The model's names for the sessions and tokens that the real code issues. */
export class Names {
  readonly #sessions: string[] = [];
  readonly #tokens = new Map<string, string>();
  readonly #names = new Map<string, string>();

  /** How many refresh tokens were issued. */
  get count(): number {
    return this.#tokens.size;
  }

  idOf(session: number): string {
    return this.#sessions[session]!;
  }

  cookieOf(name: TokenName): string {
    return `${COOKIE}=${this.#tokens.get(nameOf(name))!}`;
  }

  numberOf(sessionId: string): number {
    const known = this.#sessions.indexOf(sessionId);
    return known >= 0 ? known : this.#sessions.push(sessionId) - 1;
  }

  /** The name of a token, or of its hash in the table. */
  find(tokenOrHash: string): string | undefined {
    return this.#names.get(tokenOrHash);
  }

  see(response: HttpResponse): Seen {
    const set = cookieSetBy(response, COOKIE);
    const { code, accessToken, expiresIn } = response.body ?? {};
    return {
      status: response.status,
      code,
      cookie: set === null ? 'untouched' : set === '' ? 'cleared' : this.#give(set),
      maxAge: set ? Number(/Max-Age=(\d+)/.exec(response.setCookies.join())?.[1]) : undefined,
      access: accessToken && { session: this.numberOf(claimsOf(accessToken).sid), expiresIn },
    };
  }

  /** The name of a token by its claims; a second token with the same name is called a fork. */
  #give(token: string): string {
    const known = this.find(token);
    if (known !== undefined) return known;
    const { sid, gen, jti } = claimsOf(token);
    const claimed = nameOf({ session: this.numberOf(sid), generation: gen });
    const name = this.#tokens.has(claimed) ? `a fork of ${claimed}` : claimed;
    this.#tokens.set(name, token);
    this.#names.set(token, name);
    this.#names.set(createHash('sha256').update(jti).digest('hex'), name);
    return name;
  }
}

function claimsOf(token: string): { sid: string; gen: number; jti: string } {
  return JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString());
}

export function nameOf({ session, generation }: TokenName): string {
  return `s${session}g${generation}`;
}

export function inWords({ status, code, cookie, maxAge, access }: Seen): string {
  return [
    [status, code].join(' ').trim(),
    `cookie ${cookie}${maxAge === undefined ? '' : ` for ${maxAge} s`}`,
    ...(access === undefined ? [] : [`access to s${access.session} for ${access.expiresIn} s`]),
  ].join(', ');
}

/** When a session ends by itself: with its current token. */
function endOf({ tokens }: Session): number {
  return tokens.at(-1)!.expiresAt;
}

function isLive(session: Session, now: number): boolean {
  return session.endedAt === null && now < endOf(session);
}

function isStanding({ endedAt, isForgotten }: Session): boolean {
  return endedAt === null && !isForgotten;
}

/** The session has ended for good: the client may delete its cookie. */
function final(code: string): Seen {
  return { status: 401, code, cookie: 'cleared' };
}

function refused(status: number, code: string): Seen {
  return { status, code, cookie: 'untouched' };
}

function wholeSecondFrom(time: number): number {
  return Math.ceil(time / SECOND) * SECOND;
}

function ordersOf<T>(things: readonly T[]): T[][] {
  if (things.length === 0) return [[]];
  return things.flatMap((thing, i) =>
    ordersOf(things.toSpliced(i, 1)).map((order) => [thing, ...order]),
  );
}
