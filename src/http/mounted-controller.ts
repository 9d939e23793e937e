import { Controller, NotFoundException, type ControllerOptions, type Type } from '@nestjs/common';
import {
  HOST_METADATA,
  PATH_METADATA,
  SCOPE_OPTIONS_METADATA,
  VERSION_METADATA,
} from '@nestjs/common/constants.js';
import { AuthConfigurationError } from '../errors/configuration-error.js';
import { inheritRouteDecorators } from './inherit-route-decorators.js';
import type { AuthController } from './auth.controller.js';

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
  const Base = registration ? Given : withoutRegistration(Given);
  @Controller({ ...ownOf(Given, path), path })
  class MountedAuthController extends Base {}
  return MountedAuthController;
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
