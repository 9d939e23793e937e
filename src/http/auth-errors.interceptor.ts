import {
  Inject,
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { catchError, throwError, type Observable } from 'rxjs';
import { AuthError } from '../errors/auth-error.js';
import { AuthReplies } from './auth-replies.js';

/**
 * Adds the headers that go with an error and passes the error on, so that the app's own exception filters still see it.
 */
@Injectable()
export class AuthErrorsInterceptor implements NestInterceptor {
  constructor(@Inject(AuthReplies) private readonly replies: AuthReplies) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      catchError((error: unknown) => {
        if (error instanceof AuthError) {
          this.replies.prepareError(error, context.switchToHttp().getResponse());
        }
        return throwError(() => error);
      }),
    );
  }
}
