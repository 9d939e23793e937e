/** Pauses between two steps of a store that is not atomic. */
export const step = 'await Promise.resolve();';
export const turn = 'await new Promise((resolve) => setImmediate(resolve));';
export const aWhile = 'await new Promise((resolve) => setTimeout(resolve, 2));';
