/** How keys of some services begin, and typical parts of example keys. */
const OF_A_SERVICE = /\b(sk|pk|rk)_(test|live)_|\bgithub_pat_|example[-_ ]?(key|secret|token)/i;

/** Others, recognized by their beginning together with their length: random bytes in base64 don't have that length. */
const OF_A_LENGTH = new RegExp(
  [
    'gh[opusr]_[A-Za-z0-9]{36}',
    'AIza[\\w-]{35}',
    'sk-[A-Za-z0-9]{48}',
    'sk-(proj|ant|or|svcacct)-[\\w-]+',
    'whsec_([A-Za-z0-9+/]{32}|[A-Za-z0-9+/]{43}=)',
    'xox[abeoprs]-\\d{6,}-[\\w-]+',
    'AKIA[A-Z0-9]{16}[:/,\\s].*',
    'npm_[A-Za-z0-9]{36}',
    'hf_[A-Za-z0-9]{34}',
    'glpat-[\\w-]{20,}',
    'SG\\.[\\w-]{22}\\.[\\w-]{43}',
    '(dop|doo|dor)_v1_[0-9a-f]{64}',
    'shp(at|ca|pa|ss)_[0-9a-fA-F]{32}',
    '\\d{8,10}:[\\w-]{35}',
    // Password hashes.
    '\\$(2[abxy]|argon2(id|i|d)|scrypt|pbkdf2[\\w-]*|5|6|y)\\$.+',
  ]
    .map((form) => `^${form}$`)
    .join('|'),
);

/** PEM, and SSH public keys. */
const ARMOUR = /-----BEGIN [A-Z0-9 ]+-----|\b(ssh-(rsa|dss|ed25519)|ecdsa-sha2-\w+) AAAA/;

/** The first member of a JOSE header, before its encoding. */
const JOSE_HEADER = /^\{\s*"(alg|typ|kid|enc|cty|jku|jwk|x5[tuc]|zip|crit)"\s*:/;

/**
 * In hexadecimal digits: DER of RSA, elliptic-curve and Edwards keys by their identifiers, PKCS #1 and SEC 1 by their
 * beginning, certificates by their version, and the binary form of SSH keys.
 */
const BINARY = [
  /^(..)*2a864886f70d01/,
  /^(..)*06..2a8648ce3d0[2-4]01/,
  /^(..)*300506032b65(6e|6f|70|71)/,
  /^3082....02010002(81|82)/,
  /^30770201010420/,
  /^3082....3082....a003020102/,
  // "ssh-", "ecdsa-sha2-" and "sk-" after their length, and "openssh-key-v1".
  /^000000..(7373682d|65636473612d736861322d|736b2d)/,
  /^6f70656e7373682d6b65792d7631/,
];

/**
 * Whether a text is, or contains the beginning of, a token, key or certificate with another purpose: others have it, or
 * its public half. Random characters match by chance less than once in 10^12.
 */
export function isOtherCredential(text: string): boolean {
  return (
    OF_A_SERVICE.test(text) ||
    OF_A_LENGTH.test(text) ||
    ARMOUR.test(text) ||
    (text.match(/[\w+/-]{10,}/g) ?? []).some((piece) => isEncodedCredential(piece))
  );
}

function isEncodedCredential(piece: string): boolean {
  const inner = Buffer.from(piece, 'base64');
  const hex = inner.toString('hex');
  return JOSE_HEADER.test(inner.toString('latin1')) || BINARY.some((each) => each.test(hex));
}
