import { HttpException } from '@nestjs/common';
import { AuthError, type AuthErrorCode } from '../errors/auth-error.js';
import { safely } from './safely.js';

/** The error names that ORMs use if a query found nothing. */
const NOT_FOUND_NAMES = new Set([
  'EntityNotFoundError', // TypeORM
  'EntityNotFound',
  'NotFoundError', // MikroORM, Prisma before 5
  'DocumentNotFoundError', // Mongoose
  'EmptyResultError', // Sequelize
]);

/** Prisma: a required record does not exist. */
const NOT_FOUND_CODE = 'P2025';

/** Does not exist, or does not exist any more. */
const NOT_FOUND_STATUSES = new Set([404, 410]);

/** Another write came first: a taken name, a hash that was replaced meanwhile. */
const CONFLICT_STATUSES = new Set([409, 412]);

const TOO_MANY = 429;

/** 4xx statuses that decide nothing: the same call may succeed later. */
const TRY_LATER_STATUSES = new Set([408, 425, TOO_MANY]);

/**
 * Properties of transport errors that ORM errors don't have. An unreachable service may produce a 404 too, from its
 * gateway.
 */
const OF_A_TRANSPORT = ['status', 'statusCode', 'response', 'request', 'errno', 'syscall'];

/** Retry-After in seconds, if the error only means that there were too many calls. */
const RETRY_AFTER_SECONDS = 60;

/**
 * Whether an error from the directory means that the user does not exist. That ends the user's sessions, so an outage
 * must not look like it: of errors with a status only Nest's own count, which the app threw on purpose.
 */
export function meansNotFound(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  // An AuthError comes from this module, which the directory called, and means nothing about a user.
  if (error instanceof AuthError) return false;
  if (error instanceof HttpException) return NOT_FOUND_STATUSES.has(statusOf(error));
  const { name, code } = error as Record<string, unknown>;
  if (code !== undefined || OF_A_TRANSPORT.some((property) => property in error)) {
    return code === NOT_FOUND_CODE;
  }
  return NOT_FOUND_NAMES.has(name as string);
}

/**
 * Whether an error from the directory means that nobody with this name may log in: every refusal does. A different
 * response would reveal which names are refused.
 */
export function meansNoLogin(error: unknown): boolean {
  return isRefusal(error) || meansNotFound(error);
}

/**
 * Whether an error from `updatePasswordHash` means that the hash was already a different one.
 */
export function meansOvertaken(error: unknown): boolean {
  return (
    (error instanceof HttpException && CONFLICT_STATUSES.has(statusOf(error))) ||
    meansNotFound(error)
  );
}

/** The app's refusal of a write, with the app's message and a code that the route may have. */
export function refusalOfWrite(error: unknown): AuthError | null {
  if (!(error instanceof HttpException)) return null;
  const status = statusOf(error);
  if (status === TOO_MANY) return clientRefusal(error, 'too_many_attempts');
  if (!isRefusal(error)) return null;
  return clientRefusal(error, CONFLICT_STATUSES.has(status) ? 'username_taken' : 'invalid_request');
}

function clientRefusal(error: HttpException, code: AuthErrorCode): AuthError {
  const retryAfter = error instanceof AuthError ? error.retryAfter : undefined;
  return new AuthError(code, error.message, {
    cause: error,
    ...(code === 'too_many_attempts' && { retryAfter: retryAfter ?? RETRY_AFTER_SECONDS }),
  });
}

/** The app decided this, and would decide the same again. */
function isRefusal(error: unknown): boolean {
  const status = error instanceof HttpException ? statusOf(error) : NaN;
  return status >= 400 && status < 500 && !TRY_LATER_STATUSES.has(status);
}

/** NaN if an app's exception class returns an invalid status, or throws. */
function statusOf(error: HttpException): number {
  const status: unknown = safely(() => error.getStatus());
  return Number.isInteger(status) ? (status as number) : NaN;
}
