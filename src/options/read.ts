import * as v from 'valibot';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { textOf } from '../errors/text-of.js';
import { knownOptions, type KnownOption } from './known-options.js';
import { unknownOption, withoutPlaces } from './unknown-option.js';

/**
 * What a schema makes of given options.
 *
 * @param elsewhere options that are known in another place, with the rest of a sentence that says where they belong
 * @throws {AuthConfigurationError} whose sentence names the option's path, and never says what is in a secret
 */
export function read<S extends v.GenericSchema>(
  schema: S,
  given: unknown,
  elsewhere: Readonly<Record<string, string>> = {},
): v.InferOutput<S> {
  const result = parsed(schema, given);
  if (result.success) return result.output;
  const { issues } = result;
  const known = knownOptions(schema);
  // A misspelt option is first: what is missing without it is no news.
  const unknown = issues.find(isOfUnknownName);
  if (unknown !== undefined) {
    const paths = known.map(({ path }) => path);
    throw new AuthConfigurationError(unknownOption(pathOf(unknown), paths, elsewhere));
  }
  throw new AuthConfigurationError(sentenceOf(issues[0], known));
}

function sentenceOf(issue: v.BaseIssue<unknown>, known: readonly KnownOption[]): string {
  const path = pathOf(issue);
  // An item of a list has no default.
  const isOptional =
    !path.endsWith(']') &&
    known.find((option) => option.path === withoutPlaces(path))?.isRequired === false;
  const message =
    issue.input === null && isOptional
      ? issue.message.replace(/\.$/, ': leave it out for the default.')
      : issue.message;
  const subject = path === '' ? 'the options' : path;
  return message.startsWith(':') ? subject + message : `${subject} ${message}`;
}

/** A proxy or a class may throw whenever it is looked at. */
function parsed<S extends v.GenericSchema>(schema: S, given: unknown) {
  try {
    return v.safeParse(schema, given);
  } catch (error) {
    throw new AuthConfigurationError(`the options can't be read: ${textOf(error)}.`);
  }
}

function isOfUnknownName({ type, expected }: v.BaseIssue<unknown>): boolean {
  return type === 'strict_object' && expected === 'never';
}

/** `cookies.previous[0].name`. */
function pathOf({ path = [] }: { path?: readonly { key?: unknown }[] | undefined }): string {
  return path
    .map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${nameOf(key)}`))
    .join('')
    .replace(/^\./, '');
}

/** As it is, or in quotes where nothing would be seen of it. */
function nameOf(key: unknown): string {
  const name = String(key);
  return name.trim() === '' ? JSON.stringify(name) : name;
}
