import { Public } from './public.decorator.js';
import { REQUIRED_ROLES } from './roles.decorator.js';

/** Who may call a handler, by its decorators. */
export interface AccessRule {
  isPublic: boolean;
  /** Null: every logged-in user. */
  roles: readonly string[] | null;
}

/** The decorators of one method or class itself. */
export type OwnRule = Partial<{ isPublic: boolean; roles: readonly string[] }>;

/** Without inherited decorators. */
export function ownRule(target: object): OwnRule {
  const isPublic: boolean | undefined = Reflect.getOwnMetadata(Public.KEY, target);
  const roles: readonly string[] | undefined = Reflect.getOwnMetadata(REQUIRED_ROLES, target);
  return { ...(isPublic !== undefined && { isPublic }), ...(roles !== undefined && { roles }) };
}

const rules = new WeakMap<object, { controller: object; rule: AccessRule }>();

/** The nearest decorator decides: the method's, then its class's, then those of the classes it extends. */
export function accessRule(handler: object, controller: object): AccessRule {
  const known = rules.get(handler);
  // A handler that controllers inherit is one for all of them.
  if (known?.controller === controller) return known.rule;
  const rule = nearestRule([handler, ...classesOf(controller)].map(ownRule));
  rules.set(handler, { controller, rule });
  return rule;
}

/** `@Roles()` closes what a farther `@Public()` opens. `@Public(false)` closes it too, and farther roles still count. */
export function nearestRule(levels: readonly OwnRule[]): AccessRule {
  let isClosed = false;
  for (const { isPublic, roles } of levels) {
    if (roles !== undefined) return { isPublic: false, roles };
    if (isPublic === true && !isClosed) return { isPublic: true, roles: null };
    isClosed ||= isPublic === false;
  }
  return { isPublic: false, roles: null };
}

/** A class and the classes that it extends. */
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
