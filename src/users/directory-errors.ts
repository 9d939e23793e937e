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
const NOT_FOUND_STATUSES = new Set<number | null>([404, 410]);

/** Something else was written first: a name that is taken, a hash that was replaced meanwhile. */
const CONFLICT_STATUSES = new Set<number | null>([409, 412]);

const TOO_MANY = 429;

/** Statuses of the 400s that decide nothing: whoever asks later may get another answer. */
const TRY_LATER_STATUSES = new Set([408, 425, TOO_MANY]);

/** What errors of a transport carry, and an ORM's don't: a service that is away says 404 too, by its gateway. */
const OF_A_TRANSPORT = ['status', 'statusCode', 'response', 'request', 'errno', 'syscall'];

/** Seconds after which a client may try again, where the directory says only that it was too often. */
const RETRY_AFTER_SECONDS = 60;

/**
 * Whether what a directory threw says that there is no such user. It ends the user's sessions, so an outage must not pass
 * for it: of errors with a status only Nest's own count, which the app threw on purpose.
 */
export function saysNotFound(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  // One of ours comes from a service of ours that the directory called, and says nothing of a user.
  if (error instanceof AuthError) return false;
  if (error instanceof HttpException) return NOT_FOUND_STATUSES.has(statusOf(error));
  const { name, code } = error as Record<string, unknown>;
  if (code !== undefined || OF_A_TRANSPORT.some((property) => property in error)) {
    return code === NOT_FOUND_CODE;
  }
  return NOT_FOUND_NAMES.has(name as string);
}

/**
 * Whether what a directory threw says that nobody of this name may log in: every refusal does. Told in any other way it
 * would tell which names are refused.
 */
export function saysNoLogin(error: unknown): boolean {
  return isRefusal(error) || saysNotFound(error);
}

/** Whether what a directory threw, when it should replace a hash, says that it was another by then. */
export function saysOvertaken(error: unknown): boolean {
  return (isNestsOwn(error) && CONFLICT_STATUSES.has(statusOf(error))) || saysNotFound(error);
}

/** What an app refuses when something is written, in its own words and by a code that the route may really have. */
export function refusalOfWrite(error: unknown): AuthError | null {
  if (!(error instanceof HttpException)) return null;
  const status = statusOf(error);
  if (status === TOO_MANY) return told(error, 'too_many_attempts');
  if (!isRefusal(error)) return null;
  return told(error, CONFLICT_STATUSES.has(status) ? 'username_taken' : 'invalid_request');
}

function told(error: HttpException, code: AuthErrorCode): AuthError {
  const retryAfter = error instanceof AuthError ? error.retryAfter : undefined;
  return new AuthError(code, error.message, {
    cause: error,
    ...(code === 'too_many_attempts' && { retryAfter: retryAfter ?? RETRY_AFTER_SECONDS }),
  });
}

function isNestsOwn(error: unknown): error is HttpException {
  return error instanceof HttpException && !(error instanceof AuthError);
}

/** Something that the app decided, and would decide again. */
function isRefusal(error: unknown): boolean {
  const status = error instanceof HttpException ? statusOf(error) : null;
  return status !== null && status >= 400 && status < 500 && !TRY_LATER_STATUSES.has(status);
}

/** A class of the app's may have a status that is none, or fail to say it. */
function statusOf(error: HttpException): number | null {
  try {
    const status: unknown = error.getStatus();
    return Number.isInteger(status) ? (status as number) : null;
  } catch {
    return null;
  }
}
