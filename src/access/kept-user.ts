import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ExecutionContext } from '@nestjs/common';
import type { AuthenticatedUser } from './authenticated-user.js';
import { isUpgrade } from './cross-site.js';
import { firstArgument, requestOf } from './request-of.js';

/** The sender of a call. */
interface Kept {
  /** The call's list of arguments, the same object for all its guards. Weak, so that it lives no longer than the call. */
  call: WeakRef<readonly unknown[]>;
  /** What the call is found by. */
  marks: readonly unknown[];
  user: unknown;
  /** Calls with the same arguments had different senders, so this one's sender is not known. */
  isAmbiguous: boolean;
}

/** Most calls remembered for one anchor: several messages of one connection may be handled at the same time. */
const MOST_OF_ANCHOR = 256;

/** Longer texts are compared by a digest, so that little is remembered. */
const LONGEST_TEXT = 256;

const keptUsers = new WeakMap<object, Kept[]>();

/**
 * Stores the sender of a call for whatever runs after the guard. Over HTTP that is `request.user`, as usual in Node: only
 * this server's code can write it. In other transports the object that looks like a request is what the sender wrote, so
 * a `user` in it proves nothing. There the user is stored outside of it, by the identity of the call's arguments.
 *
 * @returns false if the call can't be distinguished from another sender's: then it has no user
 */
export function keepUser(context: ExecutionContext, user: unknown): boolean {
  const request = ownRequest(context);
  if (request !== null) {
    request.user = user;
    return true;
  }
  const anchor = anchorOf(context);
  if (anchor === null) return true;
  const marks = marksOf(context);
  const all = keptUsers.get(anchor) ?? [];
  const before = all.find((kept) => areSame(kept.marks, marks));
  const isAmbiguous =
    before !== undefined &&
    (before.isAmbiguous || (isLookalike(context, before) && !isSameSender(before.user, user)));
  const call = new WeakRef(argumentsOf(context));
  const kept = { call, marks, user: isAmbiguous ? null : user, isAmbiguous };
  const others = all.filter((each) => each !== before);
  keptUsers.set(anchor, [...others, kept].slice(-MOST_OF_ANCHOR));
  return !isAmbiguous;
}

/**
 * Whether the stored sender may be of another call. An app's own transport may have one context for all messages, and
 * payloads that are no objects can't be distinguished if they are equal. A socket has only one sender.
 */
function isLookalike(context: ExecutionContext, before: Kept): boolean {
  if (sharesAnOperation(context) || context.getType<string>() === 'ws') return false;
  const call = argumentsOf(context);
  return before.call.deref() !== call && call.filter(isObject).length < 2;
}

/** The same session, or the same user with the same claims, or no user both times. */
function isSameSender(one: unknown, other: unknown): boolean {
  if (Object.is(one ?? null, other ?? null)) return true;
  const [some, others] = [one, other].map((user) => (user ?? {}) as Partial<AuthenticatedUser>);
  const { id, sessionId } = some!;
  if (sessionId === undefined || others!.sessionId === undefined || id !== others!.id) return false;
  return (
    sessionId === others!.sessionId || isDeepStrictEqual({ ...others, sessionId }, { ...some })
  );
}

/** The sender of a call, as a guard stored it; undefined if none did. */
export function keptUser(context: ExecutionContext): unknown {
  const request = ownRequest(context);
  if (request !== null) return request.user;
  const anchor = anchorOf(context);
  const marks = marksOf(context);
  const kept = anchor === null ? undefined : keptUsers.get(anchor);
  const found = kept?.find((each) => areSame(each.marks, marks));
  return found === undefined ? userOfGraphQLRequest(context) : found.user;
}

/** The server's own object for an HTTP request. */
function ownRequest(context: ExecutionContext): { user?: unknown } | null {
  if (context.getType<string>() !== 'http') return null;
  const request = firstArgument(context);
  return isServersOwn(request) ? request : null;
}

/** The user whom a guard of Passport set. Not for a WebSocket: its request lives longer than one operation. */
function userOfGraphQLRequest(context: ExecutionContext): unknown {
  if (context.getType<string>() !== 'graphql') return undefined;
  const request = context.getArgByIndex<{ req?: unknown } | undefined>(2)?.req;
  if (!isServersOwn(request) || isUpgrade(requestOf(context))) return undefined;
  return request.user;
}

/** Parsed messages are plain objects; the server's requests have a class. */
function isServersOwn(request: unknown): request is { user?: unknown } {
  if (!isObject(request) || Array.isArray(request)) return false;
  const prototype: unknown = Object.getPrototypeOf(request);
  return prototype !== Object.prototype && prototype !== null;
}

/** An argument that is the same object in the guard and in the handler, by which the stored sender is found. */
function anchorOf(context: ExecutionContext): object | null {
  const args = argumentsOf(context);
  // The data of a message through a socket, rather than the socket, which a whole connection shares.
  const inOrder = context.getType<string>() === 'ws' ? [args[1], args[0]] : args;
  return inOrder.find(isObject) ?? null;
}

/** In GraphQL all fields of an operation are one call, with one context. */
function argumentsOf(context: ExecutionContext): readonly unknown[] {
  switch (context.getType<string>()) {
    case 'http':
      return [firstArgument(context)];
    case 'graphql':
      return [context.getArgByIndex(2)];
    default:
      return context.getArgs<unknown[]>();
  }
}

/**
 * What distinguishes one call from another: its arguments and, outside of HTTP, its handler. A handler without a guard
 * must not get the user whom another handler's guard stored.
 */
function marksOf(context: ExecutionContext): unknown[] {
  const args = argumentsOf(context).map(markOf);
  return sharesAnOperation(context)
    ? args
    : [...args, context.getClass?.(), context.getHandler?.()?.name];
}

/** In UTF-16, because in UTF-8 different texts that aren't well-formed would be equal. */
function markOf(argument: unknown): unknown {
  if (typeof argument !== 'string') return argument;
  if (argument.length <= LONGEST_TEXT) return `text ${argument}`;
  return `digest ${createHash('sha256').update(argument, 'utf16le').digest('base64')}`;
}

/** In these transports the user is stored for a whole request. */
function sharesAnOperation(context: ExecutionContext): boolean {
  return ['http', 'graphql'].includes(context.getType<string>());
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((each, i) => Object.is(each, others[i]));
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
