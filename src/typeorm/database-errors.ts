import { QueryFailedError } from 'typeorm';

/** The database's own error code, from any driver; '' if it has none. */
export function errorCode(error: unknown): string {
  const { code } = (error instanceof QueryFailedError ? error.driverError : error) as {
    code?: unknown;
  };
  return typeof code === 'string' ? code : '';
}
