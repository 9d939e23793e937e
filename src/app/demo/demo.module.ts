import {
  Module,
  type DynamicModule,
  type MiddlewareConsumer,
  type NestModule,
} from '@nestjs/common';
import { AuthModule } from 'nestjs-refresh-auth';
import type { Environment } from '../environment.js';
import { AppUsers } from '../users/app-users.js';
import { UsersModule } from '../users/users.module.js';
import { AuditTrail } from './audit-trail.js';
import { DemoController } from './demo.controller.js';
import { DEMO_COOKIE, DEMO_LIFETIMES, DEMO_PATH, ORDINARY_PATH } from './demo-settings.js';
import { FaultsMiddleware } from './faults.middleware.js';
import { Faults } from './faults.js';
import { OrdinarySessions } from './ordinary/ordinary-sessions.js';
import { OrdinaryController } from './ordinary/ordinary.controller.js';
import { Stories } from './story/stories.js';
import { StoryController } from './story/story.controller.js';
import { Thieves } from './thieves.js';

@Module({ providers: [AuditTrail], exports: [AuditTrail] })
class AuditTrailModule {}

/** Login sessions for watching: a second AuthModule with short lifetimes and controls. Not in production. */
@Module({})
export class DemoModule implements NestModule {
  static for(environment: Environment): DynamicModule {
    return {
      module: DemoModule,
      controllers: [DemoController, StoryController, OrdinaryController],
      providers: [Faults, Thieves, Stories, OrdinarySessions],
      imports: [
        AuditTrailModule,
        AuthModule.forRootAsync({
          isGlobal: false,
          path: DEMO_PATH,
          registration: true,
          imports: [UsersModule, AuditTrailModule],
          inject: [AppUsers, AuditTrail],
          useFactory: (users: AppUsers, trail: AuditTrail) => ({
            users,
            issuer: 'demo',
            accessToken: {
              secret: environment.accessTokenSecret,
              expiresIn: DEMO_LIFETIMES.access,
            },
            refreshToken: {
              secret: environment.refreshTokenSecret,
              expiresIn: DEMO_LIFETIMES.idle,
              absoluteExpiresIn: DEMO_LIFETIMES.absolute,
              leeway: DEMO_LIFETIMES.leeway,
            },
            cookies: { secure: false, refresh: { name: DEMO_COOKIE } },
            events: trail.record,
          }),
        }),
      ],
    };
  }

  configure(consumer: MiddlewareConsumer): void {
    consumer
      .apply(FaultsMiddleware)
      .forRoutes(`${DEMO_PATH}/{*route}`, `${ORDINARY_PATH}/{*route}`);
  }
}
