import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { ExecutionContext } from '@nestjs/common';
import type { AuthenticatedUser } from './authenticated-user.js';
import { isUpgrade } from './cross-site.js';
import { firstArgument, requestOf } from './request-of.js';

/** A user, and the call whose sender that is. */
interface Kept {
  /** Its arguments: the list itself, as all guards of one call are given it. Not kept for longer than the call. */
  call: WeakRef<readonly unknown[]>;
  /** What it is found by. */
  marks: readonly unknown[];
  user: unknown;
  /** Calls with the same arguments had different senders: nobody can say which one asks. */
  isAmbiguous: boolean;
}

/** Calls with one anchor that are remembered: several messages of one connection may be under way at once. */
const MOST_OF_ANCHOR = 256;

/** Texts that are longer are told apart by a digest, so that what is remembered is small. */
const LONGEST_TEXT = 256;

const keptUsers = new WeakMap<object, Kept[]>();

/**
 * Keeps who sent a call, for whatever comes after the guard. Over HTTP that is `request.user`, as everywhere in Node:
 * only this server's code can write there. In other transports what looks like a request is what the sender wrote, and
 * a `user` in it is anybody's word; there the user is kept beside the call, by its identity, where no message reaches.
 *
 * @returns false where the call can't be told from another one, of somebody else: its sender is nobody then
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
 * Whether what was kept before may be of another call: a transport of the app's may have one context for all messages,
 * and payloads that are no objects are one where they are equal. A socket is one sender's, so nobody is mixed up there.
 */
function isLookalike(context: ExecutionContext, before: Kept): boolean {
  if (sharesAnOperation(context) || context.getType<string>() === 'ws') return false;
  const call = argumentsOf(context);
  return before.call.deref() !== call && call.filter(isObject).length < 2;
}

/** The same session, or one user's with the same claims, or both times nobody. */
function isSameSender(one: unknown, other: unknown): boolean {
  if (Object.is(one ?? null, other ?? null)) return true;
  const [some, others] = [one, other].map((user) => (user ?? {}) as Partial<AuthenticatedUser>);
  const { id, sessionId } = some!;
  if (sessionId === undefined || others!.sessionId === undefined || id !== others!.id) return false;
  return (
    sessionId === others!.sessionId || isDeepStrictEqual({ ...others, sessionId }, { ...some })
  );
}

/** Who sent a call, as a guard found out; undefined if none did. */
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

/** In GraphQL all fields of an operation are one, by its context. */
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
 * What tells one call from another: its arguments and, outside of HTTP, its handler. One that has no guard must not be
 * told what another's guard found out.
 */
function marksOf(context: ExecutionContext): unknown[] {
  const args = argumentsOf(context).map(markOf);
  return sharesAnOperation(context)
    ? args
    : [...args, context.getClass?.(), context.getHandler?.()?.name];
}

/** In UTF-16, since in UTF-8 texts that aren't well-formed would be one. */
function markOf(argument: unknown): unknown {
  if (typeof argument !== 'string') return argument;
  if (argument.length <= LONGEST_TEXT) return `text ${argument}`;
  return `digest ${createHash('sha256').update(argument, 'utf16le').digest('base64')}`;
}

/** In these, what is kept is kept for a whole request. */
function sharesAnOperation(context: ExecutionContext): boolean {
  return ['http', 'graphql'].includes(context.getType<string>());
}

function areSame(some: readonly unknown[], others: readonly unknown[]): boolean {
  return some.length === others.length && some.every((each, i) => Object.is(each, others[i]));
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
