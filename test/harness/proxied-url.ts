/** Where a database server listens. */
export function addressOf(databaseUrl: string): { host: string; port: number } {
  const { protocol, hostname, port } = new URL(databaseUrl);
  const standard = protocol.startsWith('postgres') ? 5432 : 3306;
  return { host: hostname, port: Number(port || standard) };
}

/** The URL of the same database through a proxy. */
export function proxiedUrl(proxy: { port: number }, databaseUrl: string): string {
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  return url.href;
}
