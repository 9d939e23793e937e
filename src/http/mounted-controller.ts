import { Controller, NotFoundException, type Type } from '@nestjs/common';
import { inheritRouteDecorators } from './inherit-route-decorators.js';
import type { AuthController } from './auth.controller.js';

/**
 * A class for one module: the path is metadata of a class, and two modules may want two paths.
 * @param Given `AuthController`, or the app's own class that extends it
 */
export function mountedController(
  Given: Type<AuthController>,
  path: string,
  registration: boolean,
): Type<AuthController> {
  inheritRouteDecorators(Given);
  const Base = registration ? Given : withoutRegistration(Given);
  @Controller(path)
  class MountedAuthController extends Base {}
  return MountedAuthController;
}

/** A method without decorators is no route, and it hides the route of the class that it extends. */
function withoutRegistration(Base: Type<AuthController>): Type<AuthController> {
  return class extends Base {
    override async register(): Promise<never> {
      throw new NotFoundException();
    }
  };
}
