import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import type { HttpRequest } from './http-request.js';

/** Not the registry of the process, in which strategies with the same name would replace each other. */
const ownRegistry = new passport.Passport();

export interface JwtPassportOptions {
  jwtFromRequest: (request: HttpRequest) => string | null;
  secretOrKeyProvider: (
    request: HttpRequest,
    token: string,
    done: (error: unknown, key?: unknown) => void,
  ) => void;
  algorithms: string[];
  /** Whether `validate` receives the header as well, as `{ header, payload }`. */
  complete?: boolean;
}

class IsolatedJwtStrategy extends PassportStrategy(Strategy) {
  /** Time and claims are checked by `validate`, with this module's clock. */
  constructor({ complete = false, ...options }: JwtPassportOptions) {
    super({
      ...options,
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true, complete },
      passReqToCallback: true,
    } as unknown as ConstructorParameters<typeof Strategy>[0]);
  }

  /** So that two modules in one process don't verify with each other's keys. */
  getPassportInstance(): unknown {
    return ownRegistry;
  }

  validate(_request: HttpRequest, _payload: unknown): unknown {
    throw new TypeError('validate() is the subclass’s.');
  }
}

/** passport-jwt as a Nest provider. With types of our own, so that users of this package need none of Passport's. */
export const JwtPassportStrategy = IsolatedJwtStrategy as unknown as abstract new (
  options: JwtPassportOptions,
) => { validate(request: HttpRequest, payload: unknown): unknown };
