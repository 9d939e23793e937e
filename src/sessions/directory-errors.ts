import { HttpException } from '@nestjs/common';
import { AuthError, type AuthErrorCode } from '../errors/auth-error.js';

/** How ORMs name the error of a search that found nothing. */
const NOT_FOUND_NAMES = new Set([
  'EntityNotFoundError', // TypeORM
  'EntityNotFound',
  'NotFoundError', // MikroORM, Prisma before 5
  'DocumentNotFoundError', // Mongoose
  'EmptyResultError', // Sequelize
]);

/** Prisma: a record that was required wasn't there. */
const NOT_FOUND_CODE = 'P2025';

/** Not there, or there no more. */
const NOT_FOUND_STATUSES = new Set<unknown>([404, 410]);

/** What errors of a transport carry, and an ORM's don't: a service that is away says 404 too, by its gateway. */
const OF_A_TRANSPORT = ['status', 'statusCode', 'response', 'request', 'errno', 'syscall'];

/**
 * Whether what a directory threw says that there is no such user. It ends the user's sessions, so an outage must not pass
 * for it: of errors with a status only Nest's own count, which the app threw on purpose.
 */
export function saysNotFound(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (error instanceof HttpException) return NOT_FOUND_STATUSES.has(error.getStatus());
  const { name, code } = error as Record<string, unknown>;
  if (code !== undefined || OF_A_TRANSPORT.some((property) => property in error)) {
    return code === NOT_FOUND_CODE;
  }
  return NOT_FOUND_NAMES.has(name as string);
}

/** Whether what a directory threw says that nobody of this name may log in. */
export function saysNoLogin(error: unknown): boolean {
  const isRefused = error instanceof HttpException && [401, 403].includes(error.getStatus());
  return isRefused || saysNotFound(error);
}

const CODE_OF: Partial<Record<number, AuthErrorCode>> = {
  401: 'invalid_credentials',
  403: 'insufficient_role',
  404: 'session_not_found',
  409: 'username_taken',
  429: 'too_many_attempts',
};

/**
 * What an app's own refusal is to a client: every error of our routes has a code. An `AuthError` is as it is, and so is
 * whatever isn't a refusal: an outage.
 */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof HttpException) || error instanceof AuthError) return error;
  const status = error.getStatus();
  if (status < 400 || status >= 500) return error;
  return new AuthError(CODE_OF[status] ?? 'invalid_request', error.message, { cause: error });
}
