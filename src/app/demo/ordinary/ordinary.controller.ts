import { Controller, HttpCode, Post, Req, Res, UnauthorizedException } from '@nestjs/common';
import type { Request, Response } from 'express';
import { ORDINARY_COOKIE, ORDINARY_PATH } from '../demo-settings.js';
import type { OrdinaryVerdict } from './ordinary-rotation.js';
import { OrdinarySessions } from './ordinary-sessions.js';

const REFUSALS: Record<Exclude<OrdinaryVerdict, 'rotated'>, { code: string; message: string }> = {
  reused: { code: 'token_reused', message: 'This token was used before: the session is ended.' },
  ended: { code: 'session_ended', message: 'This session has ended.' },
  unknown: { code: 'token_unknown', message: 'There is no such token.' },
};

/** The routes of the sessions with ordinary rotation. Not available in production. */
@Controller(ORDINARY_PATH)
export class OrdinaryController {
  constructor(private readonly sessions: OrdinarySessions) {}

  /** Checks no password: these sessions open nothing. Only what happens to their refresh tokens is of interest. */
  @Post('login')
  @HttpCode(204)
  login(@Res({ passthrough: true }) response: Response): void {
    setCookie(response, this.sessions.start());
  }

  @Post('refresh')
  @HttpCode(204)
  refresh(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    const { verdict, successor } = this.sessions.refresh(tokenOf(request));
    if (verdict !== 'rotated') {
      throw new UnauthorizedException({
        statusCode: 401,
        error: 'Unauthorized',
        ...REFUSALS[verdict],
      });
    }
    setCookie(response, successor!);
  }

  @Post('logout')
  @HttpCode(204)
  logout(@Req() request: Request, @Res({ passthrough: true }) response: Response): void {
    this.sessions.end(tokenOf(request));
    response.clearCookie(ORDINARY_COOKIE, { path: `/${ORDINARY_PATH}` });
  }
}

function tokenOf(request: Request): string {
  return String((request.cookies as Record<string, unknown>)[ORDINARY_COOKIE] ?? '');
}

function setCookie(response: Response, token: string): void {
  const path = `/${ORDINARY_PATH}`;
  response.cookie(ORDINARY_COOKIE, token, { path, httpOnly: true, sameSite: 'strict' });
}
