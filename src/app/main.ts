import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import { isDevelopment } from 'nestjs-refresh-auth';
import { serveApiDocs } from './api-docs.js';
import { AppModule } from './app.module.js';
import { bootFailure } from './boot-failure.js';
import { BootLogger } from './boot-logger.js';
import { servePage } from './demo/serve-page.js';
import { readEnvironment } from './environment.js';
import { greeting } from './greeting.js';
import { AppUsers } from './users/app-users.js';

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const { host, port, isProduction } = environment;
  // Express and others read it too, so all must agree on whether this is production.
  process.env.NODE_ENV = isProduction ? 'production' : (process.env.NODE_ENV ?? 'development');
  const logger = new BootLogger(isProduction);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.for(environment), {
    abortOnError: false,
    // The page keeps a connection open for its events, and a server waits for those that are open.
    forceCloseConnections: !isProduction,
    logger,
  });
  app.use(cookieParser());
  app.enableShutdownHooks();
  if (!isProduction) {
    servePage(app);
    serveApiDocs(app);
    if (!isDevelopment(undefined, host)) {
      logger.warn(
        `NODE_ENV is ${process.env.NODE_ENV} and others can reach HOST ${host}: the demo page is theirs too, and cookies travel unencrypted.`,
      );
    }
  }
  if (environment.corsOrigins.length > 0) {
    app.enableCors({ origin: environment.corsOrigins, credentials: true });
  }
  await app.listen(port, host);
  logger.started();
  const isKnown = (await app.get(AppUsers, { strict: false }).findByLogin('ada')) !== null;
  const username = isKnown ? `ada-${randomBytes(2).toString('hex')}` : 'ada';
  process.stdout.write(greeting(await app.getUrl(), isProduction, username));
}

main().catch((error: unknown) => {
  // Exits explicitly: what did start, for example a connection pool, would keep the process alive.
  process.stderr.write(`${bootFailure(error)}\n`, () => process.exit(1));
});
