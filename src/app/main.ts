import { randomBytes } from 'node:crypto';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import cookieParser from 'cookie-parser';
import { serveApiDocs } from './api-docs.js';
import { AppModule } from './app.module.js';
import { servePage } from './demo/serve-page.js';
import { readEnvironment } from './environment.js';
import { greeting } from './greeting.js';
import { AppUsers } from './users/app-users.js';

async function main(): Promise<void> {
  const environment = readEnvironment(process.env);
  const app = await NestFactory.create<NestExpressApplication>(AppModule.for(environment), {
    abortOnError: false,
    logger: ['log', 'warn', 'error', 'fatal'],
  });
  app.use(cookieParser());
  app.enableShutdownHooks();
  if (!environment.isProduction) {
    servePage(app);
    serveApiDocs(app);
  }
  if (environment.corsOrigins.length > 0) {
    app.enableCors({ origin: environment.corsOrigins, credentials: true });
  }
  await app.listen(environment.port, environment.host);
  const isKnown = (await app.get(AppUsers, { strict: false }).findByLogin('ada')) !== null;
  const username = isKnown ? `ada-${randomBytes(2).toString('hex')}` : 'ada';
  process.stdout.write(greeting(await app.getUrl(), environment.isProduction, username));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
