import {
  BadRequestException,
  Body,
  Controller,
  Get,
  HttpCode,
  Param,
  Post,
  Req,
  Sse,
} from '@nestjs/common';
import type { Request } from 'express';
import type { AuthEvent } from 'nestjs-refresh-auth';
import { map, type Observable } from 'rxjs';
import { AuditTrail } from './audit-trail.js';
import { DEMO_COOKIE } from './demo-settings.js';
import { Faults } from './faults.js';
import { sitesOf } from './sites.js';
import { Thieves, type ThiefResponse } from './thieves.js';

/** The controls of the demo page. Not available in production. */
@Controller('demo')
export class DemoController {
  constructor(
    private readonly trail: AuditTrail,
    private readonly faults: Faults,
    private readonly thieves: Thieves,
  ) {}

  @Sse('audit')
  audit(): Observable<{ data: AuthEvent }> {
    return this.trail.events.pipe(map((data) => ({ data })));
  }

  @Get('down')
  isDown(): { isDown: boolean } {
    return { isDown: this.faults.isDown };
  }

  @Post('down')
  @HttpCode(204)
  down(@Body() { isDown }: { isDown?: boolean } = {}): void {
    this.faults.isDown = isDown === true;
  }

  @Post('lose-next-answer')
  @HttpCode(204)
  loseNextResponse(): void {
    this.faults.responsesToLose = 1;
  }

  /** From now on this request's access token counts as expired. */
  @Post('expire')
  @HttpCode(204)
  expire(@Req() request: Request): void {
    const { authorization } = request.headers;
    if (authorization !== undefined) this.faults.expired.add(authorization);
  }

  @Post('steal')
  @HttpCode(200)
  steal(@Req() request: Request): { thief: string } {
    const token = (request.cookies as Record<string, string>)[DEMO_COOKIE];
    if (!token) throw new BadRequestException('There is no refresh cookie to steal.');
    return { thief: this.thieves.equip(sitesOf(request).ours, token) };
  }

  @Post('thieves/:thief/refresh')
  @HttpCode(200)
  thiefRefreshes(@Param('thief') thief: string): Promise<ThiefResponse> {
    return this.thieves.refresh(thief);
  }
}
