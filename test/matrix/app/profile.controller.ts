import { Controller, Get, UseGuards } from '@nestjs/common';
import { CurrentUser, JwtAuthGuard, Roles, RolesGuard } from 'nestjs-refresh-auth';
import type { AuthenticatedUser } from 'nestjs-refresh-auth';

@Controller('profile')
@UseGuards(JwtAuthGuard, RolesGuard)
export class ProfileController {
  @Get()
  mine(@CurrentUser() user: AuthenticatedUser) {
    return { id: user.id, email: user['email'] };
  }

  @Get('all')
  @Roles('admin')
  all() {
    return 'everybody';
  }
}
