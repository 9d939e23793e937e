import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import passport from 'passport';
import { AUTH_SETTINGS, type AuthSettings } from '../options/auth-settings.js';
import { AccessTokenStrategy } from './access-token.strategy.js';

/** Registers the strategy in Passport, if the app chose a name: whichever strategy is provided, also one of a test. */
@Injectable()
export class PassportName implements OnModuleInit {
  constructor(
    @Inject(AUTH_SETTINGS) private readonly settings: Pick<AuthSettings, 'passportName'>,
    @Inject(AccessTokenStrategy) private readonly strategy: AccessTokenStrategy,
  ) {}

  onModuleInit(): void {
    const { passportName } = this.settings;
    if (passportName === null) return;
    passport.use(passportName, this.strategy as unknown as passport.Strategy);
  }
}
