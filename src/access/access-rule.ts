import { Public } from './public.decorator.js';
import { REQUIRED_ROLES } from './roles.decorator.js';

/** Whom the decorators let call a handler. */
export interface AccessRule {
  isPublic: boolean;
  /** Null: whoever is logged in. */
  roles: readonly string[] | null;
}

/** What one method or class says itself. */
export type OwnRule = Partial<{ isPublic: boolean; roles: readonly string[] }>;

/** Without what it inherits. */
export function ownRule(target: object): OwnRule {
  const isPublic: boolean | undefined = Reflect.getOwnMetadata(Public.KEY, target);
  const roles: readonly string[] | undefined = Reflect.getOwnMetadata(REQUIRED_ROLES, target);
  return { ...(isPublic !== undefined && { isPublic }), ...(roles !== undefined && { roles }) };
}

const rules = new WeakMap<object, { controller: object; rule: AccessRule }>();

/** The nearest decorator's word: the method's, then its class's, then those of the classes it extends. */
export function accessRule(handler: object, controller: object): AccessRule {
  const known = rules.get(handler);
  // A handler that controllers inherit is one for all of them.
  if (known?.controller === controller) return known.rule;
  const rule = nearestRule([handler, ...classesOf(controller)].map(ownRule));
  rules.set(handler, { controller, rule });
  return rule;
}

/** `@Roles()` closes what `@Public()` farther out opens; `@Public(false)` closes it, and roles farther out still hold. */
export function nearestRule(levels: readonly OwnRule[]): AccessRule {
  let isClosed = false;
  for (const { isPublic, roles } of levels) {
    if (roles !== undefined) return { isPublic: false, roles };
    if (isPublic === true && !isClosed) return { isPublic: true, roles: null };
    isClosed ||= isPublic === false;
  }
  return { isPublic: false, roles: null };
}

/** A class and what it extends. */
export function classesOf(controller: object): object[] {
  const classes: object[] = [];
  for (
    let each: unknown = controller;
    typeof each === 'function' && each !== Function.prototype;
    each = Object.getPrototypeOf(each)
  ) {
    classes.push(each);
  }
  return classes;
}
