import { AuthRateLimit } from './auth-rate-limit.entity.js';
import { CreateRefreshTokens1763800000000 } from './migrations/1763800000000-create-refresh-tokens.js';
import { CreateAuthRateLimits1763800000002 } from './migrations/1763800000002-create-auth-rate-limits.js';
import { RefreshToken } from './refresh-token.entity.js';

/** For the `entities` of your DataSource. */
export const authEntities = [RefreshToken, AuthRateLimit];

/** For the `migrations` of your DataSource. */
export const authMigrations = [CreateRefreshTokens1763800000000, CreateAuthRateLimits1763800000002];
