import type { Clock } from '../runtime/clock.js';
import type { DeviceProof, DeviceToKeep, DeviceTokens } from '../tokens/device-tokens.js';
import type { PresentedRefreshToken } from '../tokens/refresh-tokens.js';
import type { RefreshTokenStore } from '../sessions/refresh-token-store.js';

/** What the client sent with a login attempt. */
export interface Presented {
  refreshTokens: readonly PresentedRefreshToken[];
  devices: readonly DeviceProof[];
}

/** Checks whether a user has logged in on a device before. */
export class KnownDevices {
  /** @param tokens null if device tokens are switched off */
  constructor(
    private readonly store: RefreshTokenStore,
    private readonly tokens: DeviceTokens | null,
    private readonly clock: Clock,
  ) {}

  /** The genuine device tokens that a client sent. Without one there is no reason to query the user. */
  read(deviceToken: unknown): readonly DeviceProof[] {
    if (this.tokens === null || typeof deviceToken !== 'string') return [];
    return this.tokens.read(deviceToken, this.clock.now());
  }

  /**
   * The device's id, by which its failures are counted; null if nothing proves that the device belongs to this user. A
   * proof is a device token, until all of them are revoked, or a refresh token of a session that was not ended. Both
   * name the session that was started there, so holding both gives no more attempts.
   */
  async idOf(userId: string, { devices, refreshTokens }: Presented): Promise<string | null> {
    const proof = devices.find((each) => this.tokens?.isOf(each, userId));
    if (proof !== undefined && proof.issuedAt > ((await this.store.devicesForgottenAt?.()) ?? 0)) {
      return proof.deviceId;
    }
    const token = refreshTokens.find((each) => each.userId === userId);
    if (token === undefined) return null;
    const row = await this.store.find(token.sessionId);
    return row !== null && row.revokedAt === null ? token.sessionId : null;
  }

  /**
   * The token that the device of a new session keeps; null if device tokens are off, or the store can't revoke them.
   */
  async remember(
    { userId, sessionId }: { userId: string; sessionId: string },
    earlier: readonly DeviceProof[],
  ): Promise<DeviceToKeep | null> {
    if (this.tokens === null || this.store.devicesForgottenAt === undefined) return null;
    // All devices may have been forgotten a moment ago, with a time that is ahead of this clock.
    const forgottenAt = (await this.store.devicesForgottenAt()) ?? 0;
    const issuedAt = Math.max(this.clock.now(), forgottenAt + 1);
    return this.tokens.issue(userId, sessionId, issuedAt, earlier);
  }
}
