import { Controller, NotFoundException, type ControllerOptions, type Type } from '@nestjs/common';
import {
  HOST_METADATA,
  PATH_METADATA,
  SCOPE_OPTIONS_METADATA,
  VERSION_METADATA,
} from '@nestjs/common/constants.js';
import { nameOf } from '../access/members-of.js';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { routeHandlersOf } from './auth-routes.js';
import { inheritRouteDecorators } from './inherit-route-decorators.js';
import type { AuthController } from './auth.controller.js';
import { refuseSubclass } from './refuse-subclass.js';
import { withdrawRefusedLogins } from './withdraw-refused-login.js';

/**
 * A class for one module: the path is metadata of a class, and two modules may have different paths.
 * @param Given `AuthController`, or the app's own class that extends it
 */
export function mountedController(
  Given: Type<AuthController>,
  path: string,
  registration: boolean,
): Type<AuthController> {
  inheritRouteDecorators(Given);
  withdrawRefusedLogins(Given);
  const Base = registration ? Given : withoutRegistration(Given);
  refuseSubclass(Base);
  class MountedAuthController extends Base {
    // oxlint-disable-next-line typescript/no-explicit-any -- TypeScript wants this of a class that extends a variable
    constructor(...given: any[]) {
      super(...given);
      refuseReplacedRoutes(this, MountedAuthController, nameOf(Given));
    }
  }
  // No decorator: with a constructor, TypeScript would add types of its parameters, and Nest wants those of the app's.
  Controller({ ...ownOf(Given, path), path })(MountedAuthController);
  return MountedAuthController;
}

/**
 * Nest calls the function that an instance has in place of its class's method, and looks for guards on that one. In the
 * constructor, because that is before there are routes, and before each request for a class that is made for each.
 *
 * @throws {AuthConfigurationError} naming the class and the route
 */
function refuseReplacedRoutes(instance: object, Mounted: Type, name: string): void {
  const methods = instance as Record<string, unknown>;
  const replaced = routeHandlersOf(Mounted).find((route) => methods[route.name] !== route.handler);
  if (replaced === undefined) return;
  throw new AuthConfigurationError(
    `An instance of ${name} has its own "${replaced.name}", which has none of the decorators, so that the route would lose its guards: write it as a method of the class, neither bound in the constructor nor as an arrow function.`,
  );
}

/**
 * What `@Controller()` of the app's class says beside the path.
 * @throws {AuthConfigurationError} for a path that isn't used
 */
function ownOf(Given: Type<AuthController>, path: string): ControllerOptions {
  const said = (key: string) => Reflect.getMetadata(key, Given) as unknown;
  const paths = [said(PATH_METADATA) ?? '/'].flat().map((each) => trimmed(String(each)));
  if (paths.some((each) => each !== '' && each !== path)) {
    throw new AuthConfigurationError(
      `@Controller() of ${Given.name} has the path "${paths.join('", "')}", but it is mounted at "${path}": say { controller: ${Given.name}, path }, and leave the path out of @Controller().`,
    );
  }
  const [host, version] = [said(HOST_METADATA), said(VERSION_METADATA)];
  return {
    ...(said(SCOPE_OPTIONS_METADATA) as object | undefined),
    ...(host !== undefined && { host }),
    ...(version !== undefined && { version }),
  } as ControllerOptions;
}

/** Without the slashes around it. */
export function trimmed(path: string): string {
  return path.replace(/^\/+|\/+$/g, '');
}

/** A method without decorators is no route, and it hides the route of the class that it extends. */
function withoutRegistration(Base: Type<AuthController>): Type<AuthController> {
  return class extends Base {
    override async register(): Promise<never> {
      throw new NotFoundException();
    }
  };
}
