import { Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule } from 'nestjs-refresh-auth';
import { dataSourceOptions } from './database.js';
import { DemoModule } from './demo/demo.module.js';
import type { Environment } from './environment.js';
import { HealthController } from './health.controller.js';
import { openDatabase } from './open-database.js';
import { ProtectedController } from './protected.controller.js';
import { AppUsers } from './users/app-users.js';
import { UsersModule } from './users/users.module.js';

/** The reference app: a Nest app with its own user table that uses AuthModule. */
@Module({})
export class AppModule {
  static for(environment: Environment): DynamicModule {
    return {
      module: AppModule,
      controllers: [ProtectedController, HealthController],
      imports: [
        TypeOrmModule.forRootAsync({
          // openDatabase() retries by itself, and fails without a stack.
          useFactory: () => ({
            ...dataSourceOptions(environment.databaseUrl),
            toRetry: () => false,
          }),
          dataSourceFactory: (options) => openDatabase(options!),
        }),
        ...(environment.isProduction ? [] : [DemoModule.for(environment)]),
        AuthModule.forRootAsync({
          registration: true,
          imports: [UsersModule],
          inject: [AppUsers],
          useFactory: (users: AppUsers) => ({
            users,
            accessToken: {
              secret: environment.accessTokenSecret,
              expiresIn: environment.accessTokenExpiry,
            },
            refreshToken: {
              secret: environment.refreshTokenSecret,
              expiresIn: environment.refreshTokenExpiry,
              absoluteExpiresIn: environment.refreshTokenAbsoluteExpiry,
              ...(environment.refreshTokenLeeway === undefined
                ? {}
                : { leeway: environment.refreshTokenLeeway }),
            },
            cookies: { secure: environment.isProduction },
            allowedOrigins: environment.corsOrigins,
            ...(environment.hasLoginLimits ? {} : { limits: false }),
          }),
        }),
      ],
    };
  }
}
