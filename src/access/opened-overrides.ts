import { Logger } from '@nestjs/common';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { classesOf, nearestRule, ownRule, type AccessRule } from './access-rule.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { membersOf, nameOf, type Class } from './members-of.js';
import { RolesGuard } from './roles.guard.js';

/** The metadata by which Nest's packages find the methods that can be called from outside. */
const ROUTES = ['path', 'microservices:pattern'];
const SUBSCRIPTIONS = ['message'];
const FIELDS = ['graphql:resolver_type', 'graphql:resolve_property', 'graphql:resolve_reference'];
const IS_GATEWAY = 'websockets:is_gateway';
const GUARDS = '__guards__';

/** Where Nest has a class. */
export interface Place {
  /** And not a provider, which may be a gateway or a resolver. */
  isController: boolean;
  /** Null where none is made yet. */
  instance: object | null;
}

/** A handler, as Nest calls it. */
export interface Handler {
  name: string | symbol;
  method: object;
  /** What the classes have under that name, the nearest first. That one is called, unless the instance has its own. */
  declared: [Declared, ...Declared[]];
  title: string;
}

interface Member {
  owner: Class;
  /** Null for what is no method. */
  method: object | null;
}

interface Declared extends Member {
  method: object;
}

/**
 * Decorators stand on a function, so a method that overrides another doesn't inherit them: what was for some is then for
 * whom the classes say, which may be more, or everybody.
 *
 * @throws {AuthConfigurationError} naming the method that more may call than the one it overrides, and how to say who may
 */
export function refuseOpenedOverrides(controller: object, place: Place): void {
  const classes = classesOf(controller).map(ownRule);
  const closed = nearestRule([{ isPublic: false }, ...classes]);
  for (const handler of handlersOf(controller, place)) {
    if (saysSomething(handler.method)) continue;
    const base = handler.declared.find(({ method }) => saysSomething(method));
    if (base === undefined) continue;
    const before = nearestRule([ownRule(base.method), ...classes]);
    const now = nearestRule(classes);
    if (!isOpened(before, now)) continue;
    const what = `${handler.title} ${nameOf(base.owner)}.${String(handler.name)}, which has ${decoratorOf(ownRule(base.method))}`;
    const guards = guardsOfItsOwn(handler.method);
    if (guards.length === 0) {
      throw new AuthConfigurationError(
        `${what}, and inherits no decorator: ${whomOf(now)} could call it. ${waysOut(before, closed)}`,
      );
    }
    new Logger('AuthModule').warn(
      `${what}, and inherits no decorator: ${whomOf(now)} whom ${guards.join(' and ')} lets through can call it. ${waysOut(before, closed)}`,
    );
  }
}

/** One of the listed roles is enough, so a shorter list lets in nobody new. */
function isOpened(before: AccessRule, now: AccessRule): boolean {
  if (before.isPublic) return false;
  if (before.roles === null) return now.isPublic;
  return now.roles === null || now.roles.some((role) => !before.roles!.includes(role));
}

export function handlersOf(controller: object, { isController, instance }: Place): Handler[] {
  const keys = [
    ...(isController ? ROUTES : []),
    ...(Reflect.getMetadata(IS_GATEWAY, controller) ? SUBSCRIPTIONS : []),
    ...FIELDS,
  ];
  const methods = new Map<string | symbol, Member[]>();
  for (const owner of classesOf(controller) as Class[]) {
    for (const [name, method] of membersOf(owner.prototype)) {
      methods.set(name, [...(methods.get(name) ?? []), { owner, method }]);
    }
  }
  return [...methods].flatMap(([name, [nearest, ...farther]]): Handler[] => {
    const { owner, method } = nearest!;
    // Nest asks the class's method whether it is a handler, and calls the instance's.
    if (method === null || !keys.some((key) => Reflect.hasOwnMetadata(key, method))) return [];
    const declared: Handler['declared'] = [{ owner, method }, ...farther.filter(isMethod)];
    const replacement: unknown = Object.getOwnPropertyDescriptor(instance ?? {}, name)?.value;
    if (typeof replacement === 'function') {
      const title = `An instance of ${nameOf(controller)} has a function in place of`;
      return [{ name, method: replacement, declared, title }];
    }
    return [{ name, method, declared, title: `${nameOf(owner)}.${String(name)} overrides` }];
  });
}

function isMethod(each: Member): each is Declared {
  return each.method !== null;
}

function saysSomething(method: object): boolean {
  return Object.keys(ownRule(method)).length > 0;
}

/** Ours say nothing of whom a method is for; another's guard may. */
function guardsOfItsOwn(method: object): string[] {
  return guardsOf(method)
    .filter((guard) => !classesOf(guard).some((each) => OURS.has(each)))
    .map(nameOf);
}

/** The classes of its guards, of which `@UseGuards()` also takes objects. */
export function guardsOf(target: object): Class[] {
  const guards = (Reflect.getMetadata(GUARDS, target) ?? []) as object[];
  return guards.map((guard) => (typeof guard === 'function' ? guard : guard.constructor) as Class);
}

const OURS = new Set<object>([JwtAuthGuard, RolesGuard]);

function decoratorOf({ roles }: { roles?: readonly string[] | null }): string {
  return roles ? `@Roles(${roles.map((role) => `'${role}'`).join(', ')})` : '@Public(false)';
}

function whomOf({ isPublic, roles }: AccessRule): string {
  if (isPublic) return 'everybody';
  return roles === null ? 'whoever is logged in' : `whoever has the role ${quoted(roles)}`;
}

function quoted(roles: readonly string[]): string {
  return roles.map((role) => `'${role}'`).join(' or ');
}

/** @param closed whom the classes let in when the method says no more than that it isn't for everybody */
function waysOut(before: AccessRule, closed: AccessRule): string {
  const ways = [
    before.roles === null ? '@Roles(…)' : `${decoratorOf(before)}, as before`,
    `@Public(false), for ${whomOf(closed)}`,
    '@Public(), for everybody',
  ];
  return `Say on it who may: ${ways.join('; ')}.`;
}
