import type { Clock } from '../runtime/clock.js';
import type { DeviceProof, DeviceToKeep, DeviceTokens } from '../tokens/device-tokens.js';
import type { PresentedRefreshToken } from '../tokens/refresh-tokens.js';
import type { RefreshTokenStore } from '../sessions/refresh-token-store.js';

/** What came with an attempt to log in. */
export interface Presented {
  refreshTokens: readonly PresentedRefreshToken[];
  devices: readonly DeviceProof[];
}

/** Tells whether a user has logged in on a device before. */
export class KnownDevices {
  /** @param tokens null where device tokens are switched off */
  constructor(
    private readonly store: RefreshTokenStore,
    private readonly tokens: DeviceTokens | null,
    private readonly clock: Clock,
  ) {}

  /** What a device sent of ours. Nothing else is worth looking up the user for. */
  read(deviceToken: string): readonly DeviceProof[] {
    return this.tokens?.read(deviceToken, this.clock.now()) ?? [];
  }

  /**
   * The device's id, by which its failures are counted; null where nothing proves that it is this user's.
   * By a device token, until all of them are revoked, or a refresh token of a session that was not ended: both say the
   * session that was started there, so that who holds both has no more attempts.
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

  /** What the device of a new session keeps; null where device tokens are off, or the store can't revoke them. */
  async remember(
    { userId, sessionId }: { userId: string; sessionId: string },
    earlier: readonly DeviceProof[],
  ): Promise<DeviceToKeep | null> {
    if (this.tokens === null || this.store.devicesForgottenAt === undefined) return null;
    // All devices may have been forgotten a moment ago, as of a moment that lies ahead.
    const forgottenAt = (await this.store.devicesForgottenAt()) ?? 0;
    const issuedAt = Math.max(this.clock.now(), forgottenAt + 1);
    return this.tokens.issue(userId, sessionId, issuedAt, earlier);
  }
}
