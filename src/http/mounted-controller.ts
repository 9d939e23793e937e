import { Controller, type Type } from '@nestjs/common';
import { AuthController, RegisteringAuthController } from './auth.controller.js';

/**
 * A controller class of its own at a path: the path is metadata of the class, and two modules may want two paths.
 */
export function mountedController(path: string, registration: boolean): Type<AuthController> {
  const Base = registration ? RegisteringAuthController : AuthController;
  @Controller(path)
  class MountedAuthController extends Base {}
  return MountedAuthController;
}
