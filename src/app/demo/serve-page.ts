import { fileURLToPath } from 'node:url';
import type { NestExpressApplication } from '@nestjs/platform-express';

const HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
};

/** Serves the demo page at `/`, and the published browser client that it uses. */
export function servePage(app: NestExpressApplication): void {
  app.useStaticAssets(folder('./page'), { setHeaders });
  app.useStaticAssets(folder('../../client'), { setHeaders, prefix: '/client/' });
}

function folder(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function setHeaders(response: { setHeader(name: string, value: string): unknown }): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
}
