import ipaddr from 'ipaddr.js';

/** Used for addresses that can't be read: all of them are counted together. */
export const UNKNOWN_ADDRESS = 'unknown';

/** The longest valid form: full IPv6 with embedded IPv4, a zone, brackets, quotes and a port. */
const LONGEST = 128;

/** As gateways write it (RFC 7239 §6): possibly in quotes; IPv6 in brackets if a port follows. */
const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/;
const IPV4_AND_PORT = /^([\d.]+):\d{1,5}$/;
/** Eight groups are a complete IPv6 address, so what follows can only be a port. */
const WHOLE_IPV6_AND_PORT = /^((?:[\da-f]{1,4}:){7}[\da-f]{1,4}):\d{1,5}$/i;

/**
 * An address as limits count it, sessions store it and events report it: one text per client, without port, brackets
 * and zone; IPv4-mapped IPv6 as IPv4; IPv6 as in RFC 5952. Anything else is {@link UNKNOWN_ADDRESS}.
 */
export function ipAddress(text: string): string {
  if (text.length > LONGEST) return UNKNOWN_ADDRESS;
  const bare = withoutPort(text.trim());
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return bare;
  if (!ipaddr.IPv6.isValid(bare)) return UNKNOWN_ADDRESS;
  const address = ipaddr.IPv6.parse(bare);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  return new ipaddr.IPv6(address.parts).toRFC5952String();
}

/** The addresses that are counted together: one customer has one IPv4 address, but a whole /64 of IPv6. */
export function networkOf(text: string): string {
  const address = ipAddress(text);
  if (!ipaddr.IPv6.isValid(address)) return address;
  const network = ipaddr.IPv6.parse(address).parts.slice(0, 4);
  return `${network.map((group) => group.toString(16)).join(':')}::/64`;
}

function withoutPort(text: string): string {
  const unquoted = /^"(.*)"$/.exec(text)?.[1] ?? text;
  for (const form of [BRACKETED, IPV4_AND_PORT, WHOLE_IPV6_AND_PORT]) {
    const address = form.exec(unquoted)?.[1];
    if (address !== undefined) return address;
  }
  return unquoted;
}
