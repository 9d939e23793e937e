import ipaddr from 'ipaddr.js';

/** Stands for an address that can't be read: all of them together are counted as one. */
export const UNKNOWN_ADDRESS = 'unknown';

/** IPv6 in full, IPv4 within it, a zone, brackets, quotes and a port: nothing that is one is longer. */
const LONGEST = 128;

/** As gateways write it (RFC 7239 §6): perhaps in quotes; IPv6 in brackets where a port follows. */
const BRACKETED = /^\[([^\]]+)\](?::\d{1,5})?$/;
const IPV4_AND_PORT = /^([\d.]+):\d{1,5}$/;
/** Eight groups are a whole IPv6 address; what follows can only be a port. */
const WHOLE_IPV6_AND_PORT = /^((?:[\da-f]{1,4}:){7}[\da-f]{1,4}):\d{1,5}$/i;

/**
 * An address as limits count it, sessions keep it and events tell it: one text for one client, without port, brackets
 * and zone; IPv4 within IPv6 as IPv4; IPv6 as RFC 5952 writes it. What is none is {@link UNKNOWN_ADDRESS}.
 */
export function ipAddress(text: string): string {
  const bare = withoutPort(text.length > LONGEST ? '' : text.trim());
  if (ipaddr.IPv4.isValidFourPartDecimal(bare)) return bare;
  if (!ipaddr.IPv6.isValid(bare)) return UNKNOWN_ADDRESS;
  const address = ipaddr.IPv6.parse(bare);
  if (address.isIPv4MappedAddress()) return address.toIPv4Address().toString();
  return new ipaddr.IPv6(address.parts).toRFC5952String();
}

/** What is counted together: one customer has one IPv4 address, but a whole /64 of IPv6. */
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
