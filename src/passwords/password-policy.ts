/** Longest password that is hashed, in UTF-16 units: a bound for the server's work, far above any passphrase. */
export const LONGEST_PASSWORD = 1024;

/** Why a new password is refused, as a sentence for its owner, or null (NIST SP 800-63B-4 §3.1.1.2). */
export function passwordRefusal(
  password: string,
  { minLength, username }: { minLength: number; username: string | null },
): string | null {
  const length = [...password.normalize('NFC')].length;
  if (length < minLength)
    return `must have at least ${minLength} characters, this one has ${length}`;
  if (username !== null && password.toLowerCase() === username.toLowerCase()) {
    return 'must not be the username';
  }
  return null;
}
