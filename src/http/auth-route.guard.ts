import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { AuthReplies } from './auth-replies.js';

/** The first guard of each of our routes: whatever the answer becomes, it is not cached. */
@Injectable()
export class AuthRouteGuard implements CanActivate {
  constructor(@Inject(AuthReplies) private readonly replies: AuthReplies) {}

  canActivate(context: ExecutionContext): boolean {
    this.replies.forbidCaching(context.switchToHttp().getResponse());
    return true;
  }
}
