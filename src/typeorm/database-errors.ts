import { QueryFailedError } from 'typeorm';

/** The database's own name of what went wrong, by whatever library it comes; '' where it has none. */
export function errorCode(error: unknown): string {
  const { code } = (error instanceof QueryFailedError ? error.driverError : error) as {
    code?: unknown;
  };
  return typeof code === 'string' ? code : '';
}
