import type { ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { Roles } from '../../../src/access/roles.decorator.js';
import { RolesGuard } from '../../../src/access/roles.guard.js';

class Office {
  @Roles('admin')
  safe() {}

  @Roles('admin')
  vault() {}
}

/** Servers' requests and sockets have a class; parsed messages are plain objects. */
export class ServerRequest {
  constructor(
    readonly headers: object,
    public user?: unknown,
  ) {}
}

export const FORGED = { id: '1', roles: ['admin'] };
export const ADMIN = { id: '7', sessionId: 's', roles: ['admin'] };
export const ADA = { id: '8', sessionId: 't', roles: ['user'] };

export const client = { user: FORGED, headers: {} };

export function contextTo(
  handler: 'safe' | 'vault',
  type: string,
  ...args: unknown[]
): ExecutionContext {
  const context = new ExecutionContextHost(args, Office, Office.prototype[handler]);
  context.setType(type);
  return context;
}

/** Each step of a call has its own context, with a copy of the same arguments. */
export function call(type: string, ...args: unknown[]): () => ExecutionContext {
  return () => contextTo('safe', type, ...args);
}

/** Whether the roles guard lets the call's kept user in. */
export function mayEnter(context: ExecutionContext): boolean {
  try {
    return new RolesGuard(new Reflector()).canActivate(context);
  } catch {
    return false;
  }
}
