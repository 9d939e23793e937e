import { PassportStrategy } from '@nestjs/passport';
import passport from 'passport';
import { Strategy } from 'passport-jwt';
import type { HttpRequest } from './http-request.js';

/** A registry apart from the process-wide one, in which strategies of one name would replace each other. */
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
  /** Time and claims are judged by `validate`, with this module's own clock. */
  constructor({ complete = false, ...options }: JwtPassportOptions) {
    super({
      ...options,
      ignoreExpiration: true,
      jsonWebTokenOptions: { ignoreNotBefore: true, complete },
      passReqToCallback: true,
    } as unknown as ConstructorParameters<typeof Strategy>[0]);
  }

  /** Two modules in one process must not verify with each other's keys. */
  getPassportInstance(): unknown {
    return ownRegistry;
  }

  validate(_request: HttpRequest, _payload: unknown): unknown {
    throw new TypeError('validate() is the subclass’s.');
  }
}

/** passport-jwt as a Nest provider. Typed here, so that users of this package need no types of Passport. */
export const JwtPassportStrategy = IsolatedJwtStrategy as unknown as abstract new (
  options: JwtPassportOptions,
) => { validate(request: HttpRequest, payload: unknown): unknown };
