let passwords: Promise<ReadonlySet<string>> | undefined;

/** The most used passwords (zxcvbn's list, some 50,000, lower case), loaded when first needed. */
export function commonPasswords(): Promise<ReadonlySet<string>> {
  passwords ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set(dictionary['passwords-common'] as Iterable<string>),
  );
  return passwords;
}
