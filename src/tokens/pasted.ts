/** A command that creates a secret, pasted instead of its output. */
const COMMAND =
  /\bopenssl rand\b|\brandomBytes\(|\brandomUUID\(|\btoken_(hex|urlsafe)\(|\/dev\/u?random\b|^\$\([a-z]+ .*\)/;

/** A reference to a secret that was never replaced: a variable, or an address in a secret store. */
const PLACE = new RegExp(
  [
    String.raw`^\$\{[A-Za-z_][A-Za-z0-9_.]{3,}(:?[-?=].*)?\}$`,
    String.raw`^\{\{.*[.$ ].*\}\}$|^<%.*%>$`,
    String.raw`^(https?|op|file|vault|ssm|gcpsm|awssm|akv|keyvault|doppler|sops|amqps?|postgres(ql)?|mysql|mariadb|mongodb(\+srv)?|rediss?):\/\/`,
    String.raw`^vault:\w+\/|^arn:aws[\w-]*:|^projects\/\d+\/secrets\/|^@Microsoft\.KeyVault\(`,
    String.raw`^\/(run|etc|var|home|mnt|opt|usr)\/(secrets\/|[\w.-]+\/[\w.-]+\/)`,
  ].join('|'),
);

/** Whether a text creates a secret or refers to one. Random characters match by chance less than once in 10^12. */
export function isPasted(text: string): boolean {
  return COMMAND.test(text) || PLACE.test(text);
}
