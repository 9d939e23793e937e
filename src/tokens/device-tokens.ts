import { createHmac, timingSafeEqual } from 'node:crypto';
import type { RefreshTokenKey } from './keys.js';

const DAY = 24 * 60 * 60_000;
/** Renewed with every login. Browsers keep no cookie longer than 400 days (RFC 6265bis §5.5). */
const LIFETIME_MS = 365 * DAY;
/** Most accounts kept per browser: the latest ones. */
const MOST_ACCOUNTS = 5;

/** Separates several values in one text; valid in a cookie as it is. */
const BETWEEN = '~';
/**
 * Most parts of the right form that are read from one text. Node's 16 KB of headers can't hold more, so others can't
 * hide genuine ones.
 */
const MOST_READ = 200;
const ONE_ACCOUNT = /^([\w-]{1,64})\.([\da-z]{1,11})\.([\w-]{43})\.([\w-]{43})$/;

/** Proof that somebody has logged in on a device. {@link DeviceTokens.isOf} checks whose account it was. */
export interface DeviceProof {
  /** The session that started when the proof was issued. */
  readonly deviceId: string;
  /** Milliseconds since the epoch. */
  readonly issuedAt: number;
  readonly owner: string;
  readonly key: RefreshTokenKey;
  /** As it is written in the token. */
  readonly text: string;
}

/** The token that a device keeps, and until when, in milliseconds since the epoch. */
export interface DeviceToKeep {
  token: string;
  expiresAt: number;
}

/**
 * Device tokens prove that an account has logged in on a device. They contain the session, the time, the account in a
 * form that doesn't reveal it, and a MAC. They authenticate nobody: a token only gives the device its own count of
 * failed logins (OWASP: device cookies). One text has a part for each account that shares a browser.
 */
export class DeviceTokens {
  /** @param keys the first signs, all verify */
  constructor(
    private readonly keys: readonly [RefreshTokenKey, ...RefreshTokenKey[]],
    private readonly issuer: string,
  ) {}

  /** @param earlier the device's earlier text: the parts of other accounts are kept */
  issue(
    userId: string,
    deviceId: string,
    now: number,
    earlier: readonly DeviceProof[],
  ): DeviceToKeep {
    const [key] = this.keys;
    const claims = [deviceId, now.toString(36), this.#ownerOf(userId, key)].join('.');
    const others = latestOfEach(earlier).filter((proof) => !this.isOf(proof, userId));
    const parts = [
      `${claims}.${this.#mac(key, 'token', claims)}`,
      ...others.map(({ text }) => text),
    ];
    return {
      token: parts.slice(0, MOST_ACCOUNTS).join(BETWEEN),
      expiresAt: now + LIFETIME_MS,
    };
  }

  /**
   * The genuine parts of a text that are not too old, the latest first: a browser with several cookies of one name
   * sends the oldest first, and may send forged ones before genuine ones.
   */
  read(text: string, now: number): DeviceProof[] {
    return [...new Set(text.split(BETWEEN))]
      .map((part) => ONE_ACCOUNT.exec(part))
      .filter((part) => part !== null)
      .slice(0, MOST_READ)
      .map((part) => this.#readPart(part))
      .filter((proof) => proof !== null)
      .filter(({ issuedAt }) => now < issuedAt + LIFETIME_MS)
      .toSorted((one, other) => other.issuedAt - one.issuedAt);
  }

  isOf({ owner, key }: DeviceProof, userId: string): boolean {
    return isSame(owner, this.#ownerOf(userId, key));
  }

  #readPart(part: RegExpExecArray): DeviceProof | null {
    const [text, deviceId, issuedAt, owner, mac] = part as unknown as [
      text: string,
      deviceId: string,
      issuedAt: string,
      owner: string,
      mac: string,
    ];
    const claims = [deviceId, issuedAt, owner].join('.');
    const key = this.keys.find((each) => isSame(mac, this.#mac(each, 'token', claims)));
    if (key === undefined) return null;
    return { deviceId, issuedAt: Number.parseInt(issuedAt, 36), owner, key, text };
  }

  #ownerOf(userId: string, key: RefreshTokenKey): string {
    return this.#mac(key, 'owner', userId);
  }

  #mac(key: RefreshTokenKey, purpose: 'owner' | 'token', text: string): string {
    const signed = JSON.stringify([this.issuer, purpose, text]);
    return createHmac('sha256', key.deviceKey).update(signed).digest('base64url');
  }
}

/** Of several parts of one account, for example from several cookies, the latest. */
function latestOfEach(proofs: readonly DeviceProof[]): DeviceProof[] {
  return proofs.filter(({ owner }, i) => proofs.findIndex((each) => each.owner === owner) === i);
}

/** Of two MACs, which have one length. */
function isSame(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
