import type { ExecutionContext } from '@nestjs/common';
import { isUpgrade } from './cross-site.js';
import { firstArgument, requestOf } from './request-of.js';

/** A user, and the arguments of the call whose sender that is. */
interface Kept {
  args: readonly unknown[];
  user: unknown;
}

/** Calls with one anchor that are remembered: several messages of one connection may be under way at once. */
const MOST_OF_ANCHOR = 256;

const keptUsers = new WeakMap<object, Kept[]>();

/**
 * Keeps who sent a call, for whatever comes after the guard. Over HTTP that is `request.user`, as everywhere in Node:
 * only this server's code can write there. In other transports what looks like a request is what the sender wrote, and
 * a `user` in it is anybody's word; there the user is kept beside the call, by its identity, where no message reaches.
 */
export function keepUser(context: ExecutionContext, user: unknown): void {
  const request = ownRequest(context);
  if (request !== null) {
    request.user = user;
    return;
  }
  const anchor = anchorOf(context);
  if (anchor === null) return;
  const args = argumentsOf(context);
  const others = (keptUsers.get(anchor) ?? []).filter((kept) => !areSame(kept.args, args));
  keptUsers.set(anchor, [...others, { args, user }].slice(-MOST_OF_ANCHOR));
}

/** Who sent a call, as a guard found out; undefined if none did. */
export function keptUser(context: ExecutionContext): unknown {
  const request = ownRequest(context);
  if (request !== null) return request.user;
  const anchor = anchorOf(context);
  const args = argumentsOf(context);
  const kept = anchor === null ? undefined : keptUsers.get(anchor);
  const found = kept?.find((each) => areSame(each.args, args));
  return found === undefined ? userOfGraphQLRequest(context) : found.user;
}

/** The server's own object for an HTTP request. */
function ownRequest(context: ExecutionContext): { user?: unknown } | null {
  if (context.getType<string>() !== 'http') return null;
  const request = firstArgument(context);
  return isServersOwn(request) ? request : null;
}

/** Whom a guard of Passport's found. A request that became a socket outlives the operation, so it says nothing of it. */
function userOfGraphQLRequest(context: ExecutionContext): unknown {
  if (context.getType<string>() !== 'graphql') return undefined;
  const request = context.getArgByIndex<{ req?: unknown } | undefined>(2)?.req;
  if (!isServersOwn(request) || isUpgrade(requestOf(context))) return undefined;
  return request.user;
}

/** What was parsed out of a message is plain data; a request of the server's has a class. */
function isServersOwn(request: unknown): request is { user?: unknown } {
  if (!isObject(request) || Array.isArray(request)) return false;
  const prototype: unknown = Object.getPrototypeOf(request);
  return prototype !== Object.prototype && prototype !== null;
}

/** Something that is one object from the guard to the handler, so that it can lead to what the guard found out. */
function anchorOf(context: ExecutionContext): object | null {
  const args = argumentsOf(context);
  switch (context.getType<string>()) {
    case 'rpc':
    case 'ws':
      // The context of a message, or its data, before what a whole connection shares.
      return [args[1], args[0]].find(isObject) ?? null;
    default:
      return args.find(isObject) ?? null;
  }
}

/** What tells one call from another. In GraphQL all fields of an operation are one, by its context. */
function argumentsOf(context: ExecutionContext): unknown[] {
  switch (context.getType<string>()) {
    case 'http':
      return [firstArgument(context)];
    case 'graphql':
      return [context.getArgByIndex(2)];
    default:
      return [...context.getArgs<unknown[]>()];
  }
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((each, i) => Object.is(each, others[i]));
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
