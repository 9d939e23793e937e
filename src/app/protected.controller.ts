import { Controller, Get, UseGuards } from '@nestjs/common';
import { CurrentUser, JwtAuthGuard, type AuthenticatedUser } from 'nestjs-refresh-auth';

/** A route that needs a login. */
@Controller('api/protected')
@UseGuards(JwtAuthGuard)
export class ProtectedController {
  @Get()
  greet(@CurrentUser() user: AuthenticatedUser): { message: string } {
    return { message: `Welcome, ${user.username}! This is protected data.` };
  }
}
