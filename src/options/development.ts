import { BlockList, isIP } from 'node:net';

const DEVELOPMENT = new Set(['development', 'test']);

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/**
 * Whether this is development: exactly what is listed as such, so that a value nobody thought of (`Production`, `prod`,
 * `staging`, an empty one) never opens what only developers should see.
 *
 * @param nodeEnv `NODE_ENV`, as it is: `development` or `test`. Not set, it means development only with a `host` that
 *   nobody else can reach
 * @param host the name or address that the app listens on, where it is known
 */
export function isDevelopment(nodeEnv: string | undefined, host?: string): boolean {
  if (nodeEnv !== undefined) return DEVELOPMENT.has(nodeEnv);
  return host !== undefined && isLoopback(host);
}

/** Whether only this machine can reach the name or address. */
function isLoopback(host: string): boolean {
  const version = isIP(host);
  if (version === 0) return host.toLowerCase() === 'localhost';
  return loopback.check(host, version === 4 ? 'ipv4' : 'ipv6');
}
