export { CoreAuthModule as AuthModule } from './core-auth.module.js';
export type {
  AuthModuleExtras,
  AuthModuleOptions,
  RegistrationOptions,
} from './auth-module-options.js';
export type { TableNames } from './databases.js';

export { AccessTokenStrategy } from './access/access-token.strategy.js';
export type { AuthenticatedUser } from './access/authenticated-user.js';
export { CurrentUser } from './access/current-user.decorator.js';
export type { HttpRequest } from './access/http-request.js';
export { JwtAuthGuard } from './access/jwt-auth.guard.js';
export { JwtRefreshGuard, presentedRefreshToken } from './access/jwt-refresh.guard.js';
export { Public } from './access/public.decorator.js';
export { RefreshTokenStrategy } from './access/refresh-token.strategy.js';
export { Roles } from './access/roles.decorator.js';
export { RolesGuard } from './access/roles.guard.js';

export { AuthController } from './http/auth.controller.js';
export { AuthRequests } from './http/auth-requests.js';
export { AuthResponses, type TokenBody } from './http/auth-responses.js';
export { SameSiteGuard } from './http/same-site.guard.js';

export {
  AUTH_EVENT_CHANNEL,
  AUTH_EVENT_LISTENER,
  type AuthEvent,
  type AuthEventListener,
  type AuthEventType,
  type RefusalCode,
} from './events/auth-events.js';
export { AuthService, type SessionSummary } from './auth.service.js';
export type { Credentials, PasswordChange, Registration } from './accounts/password-login.js';
export type { StandardIssue, StandardResult, StandardSchema } from './input/standard-schema.js';
export type { ClientInfo } from './events/client-info.js';
export type { IssuedTokens, RefreshTokenToKeep } from './sessions/issued-tokens.js';
export type {
  EndedSlice,
  RefreshTokenStore,
  RevocationTarget,
  Rotation,
  SessionRow,
} from './sessions/refresh-token-store.js';
export type { OutageSource } from './errors/store-unavailable.js';
export type { RevocationReason } from './events/revocation-reason.js';
export {
  USER_DIRECTORY,
  type DirectoryUser,
  type NewUser,
  type UserDirectory,
  type UserId,
} from './users/user-directory.js';
export type { DeviceToKeep } from './tokens/device-tokens.js';
export type { PresentedRefreshToken } from './tokens/refresh-tokens.js';

export {
  breachedPasswords,
  type BreachedPasswordsOptions,
} from './passwords/breached-passwords.js';
export { PASSWORD_HASHERS, type PasswordHasher } from './passwords/password-hasher.js';
export { BREACH_CHECK, type BreachCheck } from './passwords/password-policy.js';

export { REFRESH_TOKEN_STORE } from './sessions/refresh-token-store.js';
export {
  LIMITER_FACTORY,
  type AttemptLimit,
  type LimitedThing,
  type LimiterFactory,
} from './limits/limiters.js';

export { AuthError, type AuthErrorCode } from './errors/auth-error.js';
export { AuthConfigurationError } from './errors/configuration-error.js';
export type {
  AccessKeyInput,
  AccessTokenOptions,
  AsymmetricAlgorithm,
  AuthOptions,
  CookieNameOptions,
  CookieOptions,
  HmacAlgorithm,
  KeyMaterial,
  LimitOptions,
  LimitsOptions,
  PasswordOptions,
  PurgeOptions,
  RefreshTokenOptions,
  RemoteSign,
  RevocationOptions,
  SecretInput,
  SecretMaterial,
  VerifiedTokenCacheOptions,
} from './options/auth-options.js';
export { isDevelopment } from './options/development.js';
export type { Duration } from './options/duration.js';
export { CLOCK, type Clock } from './runtime/clock.js';
export { RANDOM_SOURCE, type RandomSource } from './runtime/random-source.js';
