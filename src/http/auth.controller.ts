import { Delete, Get, HttpCode, Inject, Param, Post, Req, Res, UseGuards } from '@nestjs/common';
import type { AuthenticatedUser } from '../access/authenticated-user.js';
import { CurrentUser } from '../access/current-user.decorator.js';
import type { HttpRequest } from '../access/http-request.js';
import { JwtAuthGuard } from '../access/jwt-auth.guard.js';
import { JwtRefreshGuard, presentedRefreshToken } from '../access/jwt-refresh.guard.js';
import { Public } from '../access/public.decorator.js';
import { NameRoutes } from '../access/refused-call.js';
import { AuthError } from '../errors/auth-error.js';
import { AuthService, type SessionSummary } from '../auth.service.js';
import { Refusals } from '../events/refusals.js';
import { AuthRequests } from './auth-requests.js';
import { AuthResponses, type TokenBody } from './auth-responses.js';
import { AuthRouteGuard } from './auth-route.guard.js';
import {
  checkedBody,
  credentialsBody,
  furtherFieldsOf,
  JsonBody,
  passwordChangeBody,
} from './request-bodies.js';
import { SameSiteGuard } from './same-site.guard.js';

/**
 * The routes of the wire contract. To change or add routes, extend this class and pass yours as `controller`. A method that
 * overrides a route keeps that route's decorators, and its own are added (see `mountedController`). Nest sets its
 * dependencies as properties, so that the constructor is free for those of your class.
 */
@UseGuards(AuthRouteGuard)
@NameRoutes({ changePassword: 'password' })
export class AuthController {
  @Inject(AuthService) protected readonly auth!: AuthService;
  @Inject(AuthRequests) protected readonly requests!: AuthRequests;
  @Inject(AuthResponses) protected readonly responses!: AuthResponses;
  @Inject(Refusals) private readonly refusals!: Refusals;

  @Post('login')
  @HttpCode(200)
  @Public()
  @UseGuards(SameSiteGuard)
  async login(
    @JsonBody(credentialsBody) body: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenBody> {
    return this.handle({ where: 'login', request, response }, async () => {
      const credentials = checkedBody(credentialsBody, body);
      const replaced = this.requests.refreshTokens(request);
      const device = this.requests.deviceToken(request);
      const issued = await this.auth.login(
        credentials,
        this.requests.clientOf(request),
        replaced,
        device,
      );
      return this.responses.sendTokens(issued, response);
    });
  }

  @Post('refresh')
  @HttpCode(200)
  @Public()
  @UseGuards(JwtRefreshGuard)
  async refresh(
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenBody> {
    return this.responses.withErrorHeaders(response, async () => {
      const issued = await this.auth.refresh(
        presentedRefreshToken(request),
        this.requests.clientOf(request),
      );
      return this.responses.sendTokens(issued, response);
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
    return this.responses.withErrorHeaders(response, async () => {
      for (const token of this.requests.refreshTokens(request)) await this.auth.logout(token);
      this.responses.clearAfterLogout(response);
    });
  }

  @Post('logout-all')
  @HttpCode(204)
  @UseGuards(JwtAuthGuard)
  async logoutAll(
    @CurrentUser() user: AuthenticatedUser,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<void> {
    return this.responses.withErrorHeaders(response, async () => {
      await this.auth.logoutAll(user.id);
      this.responses.clearAfterLogout(response);
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
    return this.responses.withErrorHeaders(response, async () => {
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
      if (id === user.sessionId) this.responses.clearCookies(response);
    };
    return this.handle({ where: 'revokeSession', request, response, user }, work);
  }

  @Post('password')
  @HttpCode(204)
  @UseGuards(JwtAuthGuard)
  async changePassword(
    @JsonBody(passwordChangeBody) body: unknown,
    @CurrentUser() user: AuthenticatedUser,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<void> {
    const work = async () => {
      const passwords = checkedBody(passwordChangeBody, body);
      const { id, sessionId } = user;
      const client = this.requests.clientOf(request);
      const renewed = await this.auth.changePassword(id, passwords, sessionId, client);
      if (renewed !== null) this.responses.setRefreshCookie(renewed, response);
    };
    return this.handle({ where: 'password', request, response, user }, work);
  }

  /** Exists only if `registration` is on. */
  @Post('register')
  @HttpCode(201)
  @Public()
  @UseGuards(SameSiteGuard)
  async register(
    @JsonBody(credentialsBody) body: unknown,
    @Req() request: HttpRequest,
    @Res({ passthrough: true }) response: unknown,
  ): Promise<TokenBody> {
    return this.handle({ where: 'register', request, response }, async () => {
      const credentials = checkedBody(credentialsBody, body);
      const replaced = this.requests.refreshTokens(request);
      const device = this.requests.deviceToken(request);
      const issued = await this.auth.register(
        { ...credentials, fields: furtherFieldsOf(body) },
        this.requests.clientOf(request),
        replaced,
        device,
      );
      return this.responses.sendTokens(issued, response);
    });
  }

  /**
   * Runs the work of a route: a refusal becomes an event, and an error gets its headers.
   * @param call `where`: the route's name in events; `user`: the sender, if known
   */
  protected handle<T>(
    call: { where: string; request: HttpRequest; response: unknown; user?: AuthenticatedUser },
    work: () => Promise<T>,
  ): Promise<T> {
    const { where, request, response, user } = call;
    const by = user && { userId: user.id, sessionId: user.sessionId };
    const refused = { where, client: this.requests.clientOf(request), ...by };
    return this.responses.withErrorHeaders(response, () => this.refusals.reporting(refused, work));
  }
}
