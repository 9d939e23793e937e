import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuthModule, type AuthModuleOptions } from 'nestjs-refresh-auth';
import { MemoryUserDirectory } from 'nestjs-refresh-auth/testing';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { ACCESS_SECRET, REFRESH_SECRET } from './test-secrets.js';

/** Starts an app with only AuthModule and stops it again. Rejects with the error that stops the boot. */
export async function boot(
  dataSourceOptions: DataSourceOptions,
  options: Partial<AuthModuleOptions> = {},
  prepare: (dataSource: DataSource) => Promise<void> = async () => {},
): Promise<void> {
  let opened: DataSource | undefined;
  @Module({
    imports: [
      TypeOrmModule.forRootAsync({
        useFactory: () => ({ ...dataSourceOptions, toRetry: () => false }),
        dataSourceFactory: async (given) => {
          opened = await new DataSource(given!).initialize();
          await prepare(opened);
          return opened;
        },
      }),
      AuthModule.forRoot({
        users: new MemoryUserDirectory(),
        accessToken: { secret: ACCESS_SECRET },
        refreshToken: { secret: REFRESH_SECRET },
        ...options,
      }),
    ],
  })
  class BareApp {}

  try {
    const app = await NestFactory.createApplicationContext(BareApp, {
      logger: false,
      abortOnError: false,
    });
    await app.close();
  } finally {
    if (opened?.isInitialized) await opened.destroy();
  }
}
