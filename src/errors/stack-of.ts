import { textOf } from './text-of.js';

/** The stack of a thrown error for the log; undefined if it has none. Its message is as `textOf` gives it. */
export function stackOf(thrown: unknown): string | undefined {
  const calls = callsOf(thrown);
  return calls.length === 0 ? undefined : [textOf(thrown), ...calls].join('\n');
}

/** Where it was thrown. The same place means the same mistake, for any user. */
export function placeOf(thrown: unknown): string | undefined {
  return callsOf(thrown)[0];
}

function callsOf(thrown: unknown): string[] {
  const stack: unknown = thrown instanceof Error ? thrown.stack : undefined;
  if (typeof stack !== 'string') return [];
  return stack.split('\n').filter((line) => /^\s+at /.test(line));
}
