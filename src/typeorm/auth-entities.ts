import { CreateRefreshTokens1763800000000 } from './migrations/1763800000000-create-refresh-tokens.js';
import { RefreshToken } from './refresh-token.entity.js';

/** For the `entities` of your DataSource. */
export const authEntities = [RefreshToken];

/** For the `migrations` of your DataSource. */
export const authMigrations = [CreateRefreshTokens1763800000000];
