import { Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { isDevelopment } from './options/development.js';
import type { AuthSettings } from './options/auth-settings.js';

const DAY_MS = 24 * 60 * 60_000;

/** What can only be looked at once the app is there: errors stop the boot, warnings are logged. */
export class BootChecks implements OnApplicationBootstrap {
  readonly #logger = new Logger('AuthModule');

  constructor(
    private readonly settings: AuthSettings,
    private readonly checkStore: () => Promise<void>,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    const { refreshCookie, limits, accessLifetimeMs } = this.settings;
    // Not set is no development here: what the app will listen on is not known.
    if (!isDevelopment(process.env.NODE_ENV)) {
      if (!refreshCookie.secure) {
        this.#logger.warn(
          'cookies.secure is false in production: the refresh token travels unencrypted. Serve over HTTPS and remove it, or say NODE_ENV=development if this is no production.',
        );
      }
      if (limits === null) {
        this.#logger.warn(
          'limits is false in production: passwords can be guessed at without end. Remove it, unless something in front of the app limits logins; or say NODE_ENV=development if this is no production.',
        );
      }
    }
    if (accessLifetimeMs > DAY_MS) {
      const days = Math.round((accessLifetimeMs / DAY_MS) * 10) / 10;
      this.#logger.warn(
        `accessToken.expiresIn is ${days} ${days === 1 ? 'day' : 'days'}: for as long, another service that checks access tokens by their signature accepts one after its session has ended. A number counts seconds, not milliseconds: 15 minutes are "15m" or 900.`,
      );
    }
    await this.checkStore();
  }
}
