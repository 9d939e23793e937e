import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { toJsonSchema } from '@valibot/to-json-schema';
import type { GenericSchema } from 'valibot';

const METHODS = ['get', 'post', 'delete'] as const;

/** The routes and what they do. `isOpen`: needs no access token. */
const ROUTES: Record<string, { summary: string; isOpen?: true }> = {
  '/auth/register': { summary: 'Creates a user and starts a session', isOpen: true },
  '/auth/login': {
    summary: 'Starts a session: the access token is in the body, the refresh token in its cookie',
    isOpen: true,
  },
  '/auth/refresh': {
    summary: 'Trades the refresh cookie for an access token and, when it is due, for its successor',
    isOpen: true,
  },
  '/auth/logout': { summary: 'Ends the session of the refresh cookie', isOpen: true },
  '/auth/logout-all': { summary: 'Ends every session of the user' },
  '/auth/me': { summary: 'The user that the access token names' },
  '/auth/sessions': { summary: 'The live sessions of the user' },
  '/auth/sessions/{id}': { summary: 'Ends one session of the user' },
  '/auth/password': { summary: 'Changes the password and ends the user’s other sessions' },
  '/api/protected': { summary: 'What a login is for' },
  '/health': { summary: 'Whether the app and its database respond', isOpen: true },
};

/** Serves an OpenAPI description of the routes: `/docs` for people, `/docs-json` for programs. */
export function serveApiDocs(app: INestApplication): void {
  const about = new DocumentBuilder()
    .setTitle('nestjs-refresh-auth, the reference app')
    .setDescription('Errors are `{ statusCode, code, message }`; the codes are stable.')
    .addBearerAuth()
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, about, {
    standardSchemaConverter: (schema) => ({ schema: bodySchema(schema) }),
  });
  describeRoutes(document);
  SwaggerModule.setup('docs', app, document, { customSiteTitle: about.info.title });
}

/** Leaves out checks that JSON Schema can't express, for example the one for control characters. */
function bodySchema(schema: unknown): object {
  const { $schema: _, ...rest } = toJsonSchema(schema as GenericSchema, {
    typeMode: 'input',
    errorMode: 'ignore',
  });
  return rest;
}

function describeRoutes({ paths }: OpenAPIObject): void {
  for (const [path, operations] of Object.entries(paths)) {
    const route = ROUTES[path];
    if (route === undefined) {
      // The demo page's own routes are only for that page.
      delete paths[path];
      continue;
    }
    for (const method of METHODS) {
      const operation = operations[method];
      if (operation === undefined) continue;
      operation.summary = route.summary;
      operation.tags = [path.startsWith('/auth/') ? 'auth' : 'app'];
      if (route.isOpen) operation.security = [];
    }
  }
}
