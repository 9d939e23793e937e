import type { RefreshTokenStore } from '../../sessions/refresh-token-store.js';

interface Call {
  method: string;
  given: unknown[];
}

/** Most characters of one value in a message. */
const LONGEST_VALUE = 600;

/** What a case calls, so that a message can say which call was the last, and which have not settled. */
export class WatchedCalls {
  readonly #pending = new Set<Call>();
  readonly #watched = new WeakMap<RefreshTokenStore, RefreshTokenStore>();
  #last: { call: Call; outcome: string; value: unknown } | undefined;

  /** The same store, whose calls are watched, and take no step more. */
  watched(store: RefreshTokenStore): RefreshTokenStore {
    const known = this.#watched.get(store) ?? this.#watching(store);
    this.#watched.set(store, known);
    return known;
  }

  /** `insert() and find()`, or null if all calls have settled. */
  get pending(): string | null {
    const methods = new Set([...this.#pending].map(({ method }) => `${method}()`));
    return methods.size === 0 ? null : [...methods].join(' and ');
  }

  /** A sentence on the last call that settled; null if there was none. */
  get last(): string | null {
    if (this.#last === undefined) return null;
    const { call, outcome, value } = this.#last;
    const given = call.given.map(shown).join(', ');
    return `The last call: ${call.method}(${given}) ${outcome} ${shown(value)}`;
  }

  #watching(store: RefreshTokenStore): RefreshTokenStore {
    return new Proxy(store, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') return value;
        return (...given: unknown[]): unknown => {
          const call = { method: String(name), given };
          this.#pending.add(call);
          const result: unknown = value.apply(target, given);
          const settled = (outcome: string) => (settledTo: unknown) => {
            this.#pending.delete(call);
            this.#last = { call, outcome, value: settledTo };
          };
          Promise.resolve(result).then(settled('returned'), settled('rejected with'));
          return result;
        };
      },
    });
  }
}

function shown(value: unknown): string {
  if (value instanceof Error) return String(value);
  const text = JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'bigint' ? `${each}n` : each,
  );
  if (text === undefined) return String(value);
  return text.length > LONGEST_VALUE ? `${text.slice(0, LONGEST_VALUE)}…` : text;
}
