import { nearestName } from './nearest-name.js';

/**
 * The sentence about an option that nobody knows, with the one that was probably meant.
 *
 * @param path where it was found: `cookies.previous[0].nam`
 * @param known the paths of all options, lists left out
 * @param elsewhere options that are known in another place, with the rest of a sentence that says where they belong
 */
export function unknownOption(
  path: string,
  known: readonly string[],
  elsewhere: Readonly<Record<string, string>>,
): string {
  const place = withoutPlaces(path);
  const start = place.lastIndexOf('.') + 1;
  const name = place.slice(start);
  const beside = known.filter(
    (each) => each.startsWith(place.slice(0, start)) && !each.slice(start).includes('.'),
  );
  const names = beside.map(nameOf);

  if (start === 0 && Object.hasOwn(elsewhere, name)) return `${name} ${elsewhere[name]}.`;
  if (names.includes(name))
    return `${path} is not an option beside the others there: leave it, or them, out.`;
  const near = nearestName(name, names);
  if (near !== null)
    return `${path} is not an option. Did you mean ${place.slice(0, start)}${near}?`;
  const others = outermost(known.filter((each) => nameOf(each) === name));
  if (others.length > 0) return `${path} is not an option, but ${listed(others)}.`;
  const further = start === 0 ? nearestName(name, Object.keys(elsewhere)) : null;
  if (further !== null)
    return `${name} is not an option. Did you mean ${further}? It ${elsewhere[further]}.`;
  const anywhere = nearestName(name, known.map(nameOf));
  if (anywhere !== null) {
    const meant = outermost(known.filter((each) => nameOf(each) === anywhere));
    return `${path} is not an option. Did you mean ${meant.join(' or ')}?`;
  }
  return `${path} is not an option. Known here: ${names.join(', ')}.`;
}

/** `cookies.previous.name` for `cookies.previous[0].name`. */
export function withoutPlaces(path: string): string {
  return path.replaceAll(/\[\d+\]/g, '');
}

/** Without those that are inside of another. */
function outermost(paths: readonly string[]): string[] {
  return paths.filter((path) => !paths.some((other) => path.startsWith(`${other}.`)));
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function listed(paths: readonly string[]): string {
  return paths.length === 1
    ? `${paths[0]} is`
    : `${paths.slice(0, -1).join(', ')} and ${paths.at(-1)} are`;
}
