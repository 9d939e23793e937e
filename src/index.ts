export * from './core.js';
// Takes the place of the core's.
export { AuthModule } from './auth.module.js';

export { authEntities, authMigrations } from './typeorm/auth-entities.js';
export { authTables, type AuthTables } from './typeorm/auth-tables.js';
export { CreateRefreshTokens1763800000000 } from './typeorm/migrations/1763800000000-create-refresh-tokens.js';
export { AuthRateLimit } from './typeorm/auth-rate-limit.entity.js';
export { CreateAuthRateLimits1763800000002 } from './typeorm/migrations/1763800000002-create-auth-rate-limits.js';
export { RefreshToken } from './typeorm/refresh-token.entity.js';
export { TypeOrmRefreshTokenStore } from './typeorm/typeorm-refresh-token.store.js';
