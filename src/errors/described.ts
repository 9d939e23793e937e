/** Describes a value in a few words, without its content: for a message to a developer. */
export function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return value === '' ? 'an empty text' : 'a text';
  if (typeof value !== 'object') return `a ${typeof value}`;
  if (isPromise(value)) return 'a promise: await it';
  if (Array.isArray(value)) return 'an array';
  const { name } = (Object.getPrototypeOf(value) as object | null)?.constructor ?? {};
  return typeof name === 'string' && name !== 'Object' ? `an object (${name})` : 'an object';
}

export function isPromise(value: unknown): boolean {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}

/** A value that is refused if it is a promise: its rejection, which nobody awaits, must not end the process. */
export function withoutRejection(value: unknown): unknown {
  if (isPromise(value)) Promise.resolve(value).catch(() => {});
  return value;
}
