/** What an operator can do if the app can't listen on an address. */
const LISTEN_FAILURES: Record<string, string> = {
  EADDRINUSE: 'the port is taken by another process: end that, or set PORT to another',
  EACCES: 'this user may not listen on that port: set PORT to one above 1023',
  EADDRNOTAVAIL:
    'this machine does not have that address: set HOST to one of its own, or to 0.0.0.0',
  ENOTFOUND: 'there is no such name: set HOST to an address of this machine, or to 0.0.0.0',
};

/** The environment variable for each option that the module may name. */
const VARIABLES: Record<string, string> = {
  'accessToken.secret': 'ACCESS_TOKEN_SECRET',
  'accessToken.expiresIn': 'ACCESS_TOKEN_EXPIRY',
  'refreshToken.secret': 'REFRESH_TOKEN_SECRET',
  'refreshToken.expiresIn': 'REFRESH_TOKEN_EXPIRY',
  'refreshToken.absoluteExpiresIn': 'REFRESH_TOKEN_ABSOLUTE_EXPIRY',
  'refreshToken.leeway': 'REFRESH_TOKEN_LEEWAY',
  allowedOrigins: 'CORS_ORIGIN',
};

/** Why the app did not start, as one sentence: a stack doesn't help somebody who set a variable wrong. */
export function bootFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AuthConfigurationError') return withVariables(error.message);
  const { code, syscall, address, port, hostname } = error as Listening;
  const isOfListening = syscall === 'listen' || syscall === 'getaddrinfo';
  const advice = isOfListening ? LISTEN_FAILURES[code ?? ''] : undefined;
  if (advice === undefined) return reasonOf(error);
  const where = [hostname ?? address, port].filter((part) => part !== undefined).join(' port ');
  return `Can not listen on ${where}: ${advice}.`;
}

function withVariables(sentence: string): string {
  const named = sentence.match(/\b(?:(?:access|refresh)Token\.\w+|allowedOrigins)/g) ?? [];
  const variables = new Set(named.flatMap((option) => VARIABLES[option] ?? []));
  if (variables.size === 0) return sentence;
  return `${sentence} In the environment: ${[...variables].join(', ')}.`;
}

type Listening = NodeJS.ErrnoException & { address?: string; port?: number; hostname?: string };

/** A connection tried over IPv6 and IPv4 fails with two errors inside one that has no message. */
export function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.message || (error as NodeJS.ErrnoException).code || error.name;
}
