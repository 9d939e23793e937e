import {
  Body,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import type { AuthenticatedUser } from '../access/authenticated-user.js';
import { deviceCookieValue, refreshCookieValues } from '../access/cookie-values.js';
import { CurrentUser } from '../access/current-user.decorator.js';
import type { HttpRequest } from '../access/http-request.js';
import { JwtAuthGuard } from '../access/jwt-auth.guard.js';
import { presentedRefreshToken } from '../access/jwt-refresh.guard.js';
import { Public } from '../access/public.decorator.js';
import { ROUTE_NAMES, type RouteNames } from '../access/refused-call.js';
import { AuthError } from '../errors/auth-error.js';
import { AUTH_SETTINGS, type AuthSettings } from '../options/auth-settings.js';
import { AuthService, type SessionSummary } from '../auth.service.js';
import { Refusals } from '../events/refusals.js';
import { AuthResponses, type TokenBody } from './auth-responses.js';
import { AuthRouteGuard } from './auth-route.guard.js';
import { clientOf } from '../access/client-of.js';
import { RefreshRouteGuard } from './refresh-route.guard.js';
import { checkedBody, credentialsBody, passwordChangeBody } from './request-bodies.js';
import { SameSiteGuard } from './same-site.guard.js';

/** The routes of the wire contract. Its path is given by the module: see `mountedController`. */
@UseGuards(AuthRouteGuard)
export class AuthController {
  static readonly [ROUTE_NAMES]: RouteNames = { changePassword: 'password' };

  constructor(
    @Inject(AuthService) protected readonly auth: AuthService,
    @Inject(AuthResponses) protected readonly replies: AuthResponses,
    @Inject(AUTH_SETTINGS) protected readonly settings: AuthSettings,
    @Inject(Refusals) protected readonly refusals: Refusals,
  ) {}

  @Post('login')
  @HttpCode(200)
  @Public()
  @UseGuards(SameSiteGuard)
  async login(
    @Body({ schema: credentialsBody }) body: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenBody> {
    return this.answer('login', request, response, async () => {
      const credentials = await checkedBody(credentialsBody, body);
      const replaced = this.refreshCookies(request);
      const device = deviceCookieValue(request, this.settings);
      const issued = await this.auth.login(credentials, clientOf(request), replaced, device);
      return this.replies.sendTokens(issued, response);
    });
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @UseGuards(RefreshRouteGuard)
  async refresh(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenBody> {
    return this.replies.withErrorHeaders(response, async () => {
      const issued = await this.auth.refresh(presentedRefreshToken(request), clientOf(request));
      return this.replies.sendTokens(issued, response);
    });
  }

  @Post('logout')
  @HttpCode(204)
  @Public()
  @UseGuards(SameSiteGuard)
  async logout(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<void> {
    return this.replies.withErrorHeaders(response, async () => {
      for (const token of this.refreshCookies(request)) await this.auth.logout(token);
      this.replies.clearAfterLogout(response);
    });
  }

  @Post('logout-all')
  @HttpCode(204)
  @UseGuards(JwtAuthGuard)
  async logoutAll(
    @CurrentUser() user: AuthenticatedUser,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<void> {
    return this.replies.withErrorHeaders(response, async () => {
      await this.auth.logoutAll(user.id);
      this.replies.clearAfterLogout(response);
    });
  }

  @Get('me')
  @UseGuards(JwtAuthGuard)
  me(@CurrentUser() user: AuthenticatedUser): AuthenticatedUser {
    return user;
  }

  @Get('sessions')
  @UseGuards(JwtAuthGuard)
  async sessions(
    @CurrentUser() user: AuthenticatedUser,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<(SessionSummary & { current: boolean })[]> {
    return this.replies.withErrorHeaders(response, async () => {
      const sessions = await this.auth.listSessions(user.id);
      return sessions.map((session) => ({ ...session, current: session.id === user.sessionId }));
    });
  }

  @Delete('sessions/:id')
  @HttpCode(204)
  @UseGuards(JwtAuthGuard)
  async revokeSession(
    @Param('id') id: string,
    @CurrentUser() user: AuthenticatedUser,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<void> {
    const work = async () => {
      if (!(await this.auth.revokeSession(user.id, id))) {
        throw new AuthError('session_not_found', 'You have no session with this id.');
      }
      if (id === user.sessionId) this.replies.clearCookies(response);
    };
    return this.answer('revokeSession', request, response, work, user);
  }

  @Post('password')
  @HttpCode(204)
  @UseGuards(JwtAuthGuard)
  async changePassword(
    @Body({ schema: passwordChangeBody }) body: unknown,
    @CurrentUser() user: AuthenticatedUser,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<void> {
    const work = async () => {
      const passwords = await checkedBody(passwordChangeBody, body);
      const { id, sessionId } = user;
      const client = clientOf(request);
      const renewed = await this.auth.changePassword(id, passwords, sessionId, client);
      if (renewed !== null) this.replies.setRefreshCookie(renewed, response);
    };
    return this.answer('password', request, response, work, user);
  }

  /** Tells of refusals, besides; where `AuthService` has told of one already, that was enough. */
  protected answer<T>(
    where: string,
    request: HttpRequest,
    response: unknown,
    work: () => Promise<T>,
    user?: AuthenticatedUser,
  ): Promise<T> {
    const by = user && { userId: user.id, sessionId: user.sessionId };
    const refused = { where, client: clientOf(request), ...by };
    return this.replies.withErrorHeaders(response, () => this.refusals.reporting(refused, work));
  }

  protected refreshCookies(request: HttpRequest): string[] {
    return refreshCookieValues(request, this.settings);
  }
}

/** {@link AuthController} and the opt-in route that creates users. */
export class RegisteringAuthController extends AuthController {
  @Post('register')
  @HttpCode(201)
  @Public()
  @UseGuards(SameSiteGuard)
  async register(
    @Body({ schema: credentialsBody }) body: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenBody> {
    return this.answer('register', request, response, async () => {
      const credentials = await checkedBody(credentialsBody, body);
      const replaced = this.refreshCookies(request);
      const device = deviceCookieValue(request, this.settings);
      const issued = await this.auth.register(credentials, clientOf(request), replaced, device);
      return this.replies.sendTokens(issued, response);
    });
  }
}
